import type { Change, VersionDiff, VersionSide } from '../../../pipeline/core/compare-versions.ts';
import { columns } from '../../blocks/columns.ts';
import { shown } from '../../blocks/escape.ts';
import { bytes, count, figure, plural, points } from '../../blocks/format.ts';
import { markLine } from '../../blocks/mark-line.ts';
import { type Message, message } from '../../blocks/message.ts';
import { metricTitle } from '../../blocks/metric-title.ts';
import {
  bold,
  bullets,
  instant,
  type Line,
  preformatted,
  richText,
  section,
} from '../../blocks/rich-text.ts';
import { settingTitle, settingValue } from '../../blocks/setting-words.ts';
import { sourcePhrase } from '../../blocks/source.ts';

const MAX_METRICS = 8;
const MAX_CLASSES = 12;
const MAX_SETTINGS = 8;

/** What changes from one version to another: scores, then data, settings and code. */
export function diffMessage(diff: VersionDiff): Message {
  const { from, to, model } = diff;
  const marks = [from.mark, to.mark].filter((mark) => mark != null);
  const title = `${model} v${from.version} → v${to.version}`;
  return message(`${title}: what changes`, [
    richText(
      section(bold(title)),
      ...marks.map((mark) => section(...markLine(mark))),
      section(
        diff.isOnSameRows
          ? 'Both scored on the same held-out rows.'
          : 'Scored on different held-out rows, so the figures cannot be compared.',
      ),
      preformatted(table(diff)),
    ),
    richText(bullets(factLines(diff).filter((line) => line.length > 0))),
  ]);
}

function table(diff: VersionDiff): string {
  const { from, to, classes, milliseconds } = diff;
  const rest = classes.length - MAX_CLASSES;
  const time = [milliseconds.from, milliseconds.to];
  const rows = [
    ['', `v${from.version}`, `v${to.version}`, 'change'],
    ...diff.metrics
      .slice(0, MAX_METRICS)
      .map((each) => scoreRow(metricTitle(each.name), each, diff)),
    ...classes
      .slice(0, MAX_CLASSES)
      .map((each) => scoreRow(`F1 ${shown(each.name, 24)}`, each, diff)),
    ...(time.every((value) => value === null) ? [] : [timeRow(milliseconds)]),
  ];
  return columns(rows) + (rest > 0 ? `\nand ${plural(rest, 'more class', 'more classes')}` : '');
}

/** Scores of different rows stand side by side and are not subtracted. */
function scoreRow(
  name: string,
  { from, to }: Change<number>,
  { isOnSameRows }: Pick<VersionDiff, 'isOnSameRows'>,
): string[] {
  const isComparable = isOnSameRows && from !== null && to !== null;
  return [name, scored(from), scored(to), isComparable ? points(to - from) : ''];
}

function timeRow({ name, from, to, isNoise = false }: VersionDiff['milliseconds']): string[] {
  const timed = (value: number | null) => (value === null ? '–' : `${value.toFixed(1)} ms`);
  const change = from === null || to === null ? null : to - from;
  const sign = change !== null && change < 0 ? '−' : '+';
  return [
    name,
    timed(from),
    timed(to),
    change === null ? '' : isNoise ? 'within noise' : `${sign}${Math.abs(change).toFixed(1)} ms`,
  ];
}

const scored = (value: number | null): string => (value === null ? '–' : figure(value));

function factLines({ from, to, hyperparameters }: VersionDiff): readonly Line[] {
  const rest = hyperparameters.length - MAX_SETTINGS;
  return [
    from.dataset.version === to.dataset.version
      ? [bold('Dataset'), ` unchanged: ${datasetName(to)}`]
      : [bold('Dataset'), ` ${datasetName(from)} → ${datasetName(to)}${rowsChange(from, to)}`],
    ...hyperparameters
      .slice(0, MAX_SETTINGS)
      .map(
        (each): Line => [
          bold(shown(settingTitle(each.name), 40)),
          ` ${setting(each.from)} → ${setting(each.to)}`,
        ],
      ),
    ...(rest > 0 ? [[`and ${plural(rest, 'more setting')}`]] : []),
    ...(hyperparameters.length === 0 ? [['Same settings']] : []),
    [
      bold('Registered '),
      instant(from.createdAt, 'date and time'),
      ' → ',
      instant(to.createdAt, 'date and time'),
    ],
    codeLine(from, to),
    [bold('Gate'), ` ${from.verdict} → ${to.verdict}`],
    [bold('Archive'), ` ${bytes(from.archiveBytes)} → ${bytes(to.archiveBytes)}`],
  ];
}

function codeLine({ source: from }: VersionSide, { source: to }: VersionSide): Line {
  if (from === null && to === null) return [];
  const named = (source: VersionSide['source']) =>
    source === null ? 'not recorded' : sourcePhrase(source).replace(/^code /, '');
  const change =
    from?.code === to?.code ? ` unchanged: ${named(to)}` : ` ${named(from)} → ${named(to)}`;
  return [bold('Code'), change];
}

const setting = (value: string | null): string =>
  value === null ? 'not set' : shown(settingValue(value), 60);

function datasetName({ dataset }: VersionSide): string {
  const { files = 1 } = dataset;
  const others = files === 1 ? '' : ` and ${plural(files - 1, 'earlier file')}`;
  const name = dataset.fileName === null ? '' : `${shown(dataset.fileName, 50)}${others}, `;
  return `${name}version ${dataset.version}`;
}

function rowsChange(from: VersionSide, to: VersionSide): string {
  if (from.dataset.rows === null || to.dataset.rows === null) return '';
  const change = to.dataset.rows - from.dataset.rows;
  const sign = change < 0 ? '−' : '+';
  return ` (${plural(to.dataset.rows, 'row')}, ${sign}${count(Math.abs(change))})`;
}
