import type { Actor, Run } from '../../pipeline/core/run.ts';
import { actorFirst } from './actor.ts';
import { shown } from './escape.ts';
import { bytes, plural } from './format.ts';
import { bold, code, type Inline, italic, type Line } from './rich-text.ts';

/** Of a card; the thread has room for all of it. */
const MOST_REASON_CHARACTERS = 200;

/** What set the run off: who, with what, why. */
export function triggerLines(run: Run, mostReason = MOST_REASON_CHARACTERS): readonly Line[] {
  return [openingLine(run), hyperparameterLine(run), reasonLine(run, mostReason)].filter(
    (line) => line.length > 0,
  );
}

function openingLine(run: Run): Line {
  const who = bold(actorFirst(run.requestedBy));
  switch (run.kind) {
    case 'promote':
      return [who, ` asks to put v${run.version} into production`];
    case 'rollback':
      return [who, ` rolls back to v${run.version}`];
    case 'retrain':
      return [...retrainOpening(run.requestedBy), ...datasetPart(run)];
  }
}

function retrainOpening(by: Actor): Inline[] {
  if (by.kind === 'person') return [bold(shown(by.name, 40)), ' asked for a retrain with '];
  const openings = {
    inbox: 'New dataset in the inbox: ',
    schedule: 'Scheduled retrain with ',
    ci: 'CI asked for a retrain with ',
    cli: 'Retrain from the command line with ',
    watch: 'The watch asked for a retrain with ',
  } as const;
  return [openings[by.name]];
}

function datasetPart(run: Run): Inline[] {
  if (run.dataset === null) return ['the newest dataset'];
  const { fileName, bytes: size, version } = run.dataset;
  return [code(shown(fileName, 60)), ` (${bytes(size)}, version ${version})`];
}

const MOST_OVERRIDES = 6;

function hyperparameterLine(run: Run): Line {
  const overrides = Object.entries(run.hyperparameters);
  if (overrides.length === 0) return [];
  const named = overrides
    .slice(0, MOST_OVERRIDES)
    .flatMap(([name, value], index): Inline[] => [
      index === 0 ? '' : ', ',
      code(`${shown(name, 40)} = ${shown(String(value), 40)}`),
    ]);
  const rest = overrides.length - MOST_OVERRIDES;
  return ['With ', ...named, rest > 0 ? ` and ${plural(rest, 'more setting')}` : ''];
}

function reasonLine(run: Run, most: number): Line {
  return run.reason === null ? [] : ['Reason: ', italic(shown(run.reason, most))];
}
