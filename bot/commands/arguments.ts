import { closest } from '../../pipeline/core/closest.ts';
import { MlopsError } from '../../pipeline/core/errors.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { shown } from '../messages/escape.ts';
import type { CommandTools } from './command.ts';

/** A model by name, however it is capitalised; the only one there is when none is named. */
export function readModel(tools: CommandTools, word: string | undefined): string {
  const names = Object.keys(tools.config.models);
  const [only] = names;
  if (word === undefined) {
    if (names.length === 1 && only !== undefined) return only;
    throw new MlopsError('MODEL_UNKNOWN', 'Which model?', {
      hint: `The models are: ${names.join(', ')}.`,
    });
  }
  const name = names.find((each) => each === word.toLowerCase());
  if (name !== undefined) return name;
  const near = closest(word, names);
  throw new MlopsError('MODEL_UNKNOWN', `There is no model “${shown(word, 40)}”.`, {
    hint: near === null ? `The models are: ${names.join(', ')}.` : `Did you mean “${near}”?`,
  });
}

/** `7` or `v7`. */
export function readVersion(word: string | undefined): number {
  const digits = /^v?(\d{1,9})$/i.exec(word ?? '')?.[1];
  if (digits !== undefined) return Number(digits);
  throw new MlopsError(
    'VERSION_UNKNOWN',
    word === undefined ? 'Which version?' : `“${shown(word, 40)}” is not a version.`,
    { hint: 'Give its number, such as 7 or v7; /mlops versions lists them.' },
  );
}

/** A run by its id, the end of its id, or a model: then its newest run (that still goes on). */
export async function readRun(
  tools: CommandTools,
  word: string | undefined,
  wanted: 'active' | 'any',
): Promise<Run> {
  const active = wanted === 'active' ? { ended: false } : {};
  if (word !== undefined) {
    const exact = await tools.pipeline.getRun(word);
    if (exact !== null) return exact;
  }
  const model = modelNamed(tools, word);
  const runs = await tools.pipeline.listRuns(model === null ? active : { ...active, model });
  const found =
    model === null ? runs.filter(({ id }) => word === undefined || id.endsWith(word)) : runs;
  const [first, second] = found;
  if (first === undefined) throw noRun(runs, word, wanted);
  if (second !== undefined && (model === null || wanted === 'active')) throw severalRuns(found);
  return first;
}

function modelNamed(tools: CommandTools, word: string | undefined): string | null {
  const name = word?.toLowerCase() ?? '';
  return Object.hasOwn(tools.config.models, name) ? name : null;
}

function noRun(
  runs: readonly Run[],
  word: string | undefined,
  wanted: 'active' | 'any',
): MlopsError {
  if (word === undefined || runs.length === 0) {
    return new MlopsError(
      'RUN_UNKNOWN',
      wanted === 'active' ? 'No run is going on.' : 'There are no runs yet.',
      {
        hint: '/mlops retrain starts one.',
      },
    );
  }
  const near = closest(
    word,
    runs.map(({ id }) => id),
  );
  return new MlopsError('RUN_UNKNOWN', `There is no run “${shown(word, 80)}”.`, {
    hint: near === null ? '/mlops runs lists them.' : `Did you mean “${near}”?`,
  });
}

function severalRuns(found: readonly Run[]): MlopsError {
  return new MlopsError('RUN_UNKNOWN', 'Which run?', {
    hint: `It could be: ${found
      .slice(0, 5)
      .map(({ id }) => id)
      .join(', ')}.`,
  });
}
