import type { Actor, Run } from '../../pipeline/core/run.ts';
import { givenSettings } from '../../pipeline/core/run-settings.ts';
import { actorFirst } from './actor.ts';
import { appendedPhrase, leftOutSentence } from './appended-words.ts';
import { shown } from './escape.ts';
import { bytes, count } from './format.ts';
import { bold, code, type Inline, italic, type Line } from './rich-text.ts';
import { settingTitle, settingValue } from './setting-words.ts';

/** Longest reason on a card, in characters; the thread shows all of it. */
const MAX_REASON_CHARACTERS = 200;

/** What started the run: who, with which data and settings, and why. */
export function triggerLines(run: Run, maxReason = MAX_REASON_CHARACTERS): readonly Line[] {
  return [
    openingLine(run),
    leftOutLine(run),
    hyperparameterLine(run),
    differenceLine(run),
    reasonLine(run, maxReason),
  ].filter((line) => line.length > 0);
}

/** Who or what started the run, and on which data; `isBrief` leaves out which version of it. */
export function openingLine(run: Run, isBrief = false): Line {
  const who = bold(actorFirst(run.requestedBy));
  switch (run.kind) {
    case 'promote':
      return [who, ` asked to put v${run.version} into production`];
    case 'rollback':
      return [who, ` started a rollback to v${run.version}`];
    case 'retire':
      return [who, ` asked to retire ${run.model}`];
    case 'retrain':
      return [...retrainOpening(run.requestedBy), ...datasetPart(run, isBrief)];
  }
}

function retrainOpening(by: Actor): Inline[] {
  if (by.kind === 'person') return [bold(shown(by.name, 40)), ' started a retrain on '];
  const openings = {
    inbox: 'New dataset in the inbox: ',
    schedule: 'Scheduled retrain on ',
    ci: 'CI started a retrain on ',
    cli: 'Retrain from the command line on ',
    watch: 'The watch stage started a retrain on ',
  } as const;
  return [openings[by.name]];
}

function datasetPart(run: Run, isBrief: boolean): Inline[] {
  if (run.dataset === null) return ['the newest dataset'];
  const { fileName, bytes: size, version } = run.dataset;
  return [
    code(shown(fileName, 60)),
    ` (${bytes(size)}${isBrief ? '' : `, version ${version}`})`,
    appendedPhrase(run),
  ].filter((part) => part !== '');
}

/** Files that somebody appended and might look for in the dataset. */
export function leftOutLine(run: Run): Line {
  const sentence = leftOutSentence(run);
  return sentence === null ? [] : [sentence];
}

const MAX_OVERRIDES = 6;

function hyperparameterLine(run: Run): Line {
  const overrides = Object.entries(givenSettings(run));
  const inherited = run.settings?.inherited ?? {};
  const against = `v${run.settings?.against}`;
  if (overrides.length === 0) return [];
  const named = overrides
    .slice(0, MAX_OVERRIDES)
    .flatMap(([name, value], index): Inline[] => [
      index === 0 ? '' : ', ',
      code(settingText(name, String(value))),
      Object.hasOwn(inherited, name) ? ` as ${against}` : '',
    ]);
  const rest = overrides.length - MAX_OVERRIDES;
  return ['Settings: ', ...named, rest > 0 ? ` and ${count(rest)} more` : ''];
}

/** Where the run is trained otherwise than what is in production. */
export function differenceLine({ settings }: Run): Line {
  const { changes = [], against = null } = settings ?? {};
  if (changes.length === 0 || against === null) return [];
  const named = changes
    .slice(0, MAX_OVERRIDES)
    .flatMap(({ name, from, to }, index): Inline[] => [
      index === 0 ? '' : ', ',
      code(shown(settingTitle(name), 40)),
      ` ${valueText(from)} → ${valueText(to)}`,
    ]);
  const rest = changes.length - MAX_OVERRIDES;
  return [
    bold(`Other settings than v${against}: `),
    ...named,
    rest > 0 ? ` and ${count(rest)} more` : '',
  ];
}

const valueText = (value: string): string => shown(settingValue(value), 40);

const settingText = (name: string, value: string): string =>
  `${shown(settingTitle(name), 40)} = ${valueText(value)}`;

function reasonLine(run: Run, max: number): Line {
  const reason = shown(run.reason ?? '', max);
  return reason === '' ? [] : ['Reason: ', italic(reason)];
}
