import type { RichTextBlock } from '@slack/types';
import { type Mistake, mistakesOf } from '../../../pipeline/core/evidence/confusion.ts';
import type { Evidence, ModelEvidence } from '../../../pipeline/core/evidence/evidence.ts';
import type { Interval } from '../../../pipeline/core/evidence/interval.ts';
import { columns } from '../../blocks/columns.ts';
import { shown } from '../../blocks/escape.ts';
import { count, figure, plural, points } from '../../blocks/format.ts';
import { bold, bullets, preformatted, richText, section } from '../../blocks/rich-text.ts';

/** What the two models are called, such as v4 and v3. */
export interface Names {
  readonly candidate: string;
  readonly production: string;
}

/** With more classes a table is wider than a phone, and most of its cells are empty. */
const MOST_IN_TABLE = 8;
const MOST_MISTAKES = 10;
const MOST_CLASSES = 12;

const range = ({ lower, upper }: Interval) => `${figure(lower)}–${figure(upper)}`;

/** The scores of both models with their intervals. */
export function scoresBlock(
  { candidate, production, difference }: Evidence,
  names: Names,
): RichTextBlock {
  const models = [
    [names.candidate, candidate] as const,
    ...(production === null ? [] : [[names.production, production] as const]),
  ];
  const rows = (title: string, of: (model: ModelEvidence) => Interval) =>
    models.map(([name, model], index) => [
      index === 0 ? title : '',
      name,
      figure(of(model).estimate),
      range(of(model)),
    ]);
  // A row for each model: four columns of figures are wider than a phone.
  const table = columns([
    ['', '', 'score', '95 %'],
    ...rows('Accuracy', ({ accuracy }) => accuracy),
    ...rows('Macro-F1', ({ macroF1 }) => macroF1),
  ]);
  return richText(
    preformatted(table),
    section(
      difference === null
        ? ''
        : `Macro-F1 differs by ${points(difference.estimate)}, 95 % interval ${bare(difference.lower)} to ${bare(difference.upper)}. `,
      'Intervals: Wilson for shares, 2,000 bootstrap draws of the rows for macro-F1.',
    ),
  );
}

const bare = (difference: number): string => points(difference).replace(' points', '');

/** What was answered for what; of many classes, the most frequent mistakes. */
export function confusionBlock(evidence: Evidence, names: Names): RichTextBlock {
  const { classes, candidate, production } = evidence;
  if (classes.length > MOST_IN_TABLE) return mistakesBlock(evidence, names);
  const models = [
    [names.candidate, candidate] as const,
    ...(production === null ? [] : [[names.production, production] as const]),
  ];
  return richText(
    section(bold('Confusion matrix'), ' (rows: what is right, columns: what was answered)'),
    ...models.map(([name, { confusion }]) => preformatted(matrix(name, classes, confusion))),
  );
}

function matrix(name: string, classes: readonly string[], confusion: ModelEvidence['confusion']) {
  const isOther = confusion.some((row) => (row[classes.length] ?? 0) > 0);
  const width = classes.length + (isOther ? 1 : 0);
  const titles = classes.map((label) => shown(label, classes.length > 4 ? 8 : 14));
  return columns([
    [name, ...titles, ...(isOther ? ['other'] : [])],
    ...confusion.map((row, truth) => [titles[truth] ?? '', ...row.slice(0, width).map(count)]),
  ]);
}

function mistakesBlock({ classes, candidate, production }: Evidence, names: Names): RichTextBlock {
  const key = ({ label, answer }: Mistake) => JSON.stringify([label, answer]);
  const before = new Map(
    mistakesOf(classes, production?.confusion ?? []).map((each) => [key(each), each.count]),
  );
  const mistakes = mistakesOf(classes, candidate.confusion);
  const rest = mistakes.length - MOST_MISTAKES;
  return richText(
    section(
      bold(`Most frequent mistakes of ${names.candidate}`),
      ` (${classes.length} classes${rest > 0 ? `, ${plural(rest, 'rarer kind')} not listed` : ''})`,
    ),
    bullets(
      mistakes
        .slice(0, MOST_MISTAKES)
        .map((each) => [
          `${shown(each.label, 40)} → ${shown(each.answer ?? 'no class of the rows', 40)}: ${count(each.count)}`,
          production === null ? '' : ` (${names.production}: ${count(before.get(key(each)) ?? 0)})`,
        ]),
    ),
  );
}

/** Precision, recall and F1 of each class; of many classes, those that lost most. */
export function classesBlock({ candidate, production }: Evidence, names: Names): RichTextBlock {
  const all = candidate.perClass
    .map((scores, index) => ({ ...scores, before: production?.perClass[index]?.f1 ?? null }))
    .sort((a, b) => changeOf(a) - changeOf(b));
  const listed = all.slice(0, MOST_CLASSES);
  const value = (interval: Interval | null) =>
    interval === null ? '–' : figure(interval.estimate);
  const table = columns([
    [
      '',
      'rows',
      'precision',
      'recall',
      'F1',
      '95 %',
      ...(production === null ? [] : [names.production]),
    ],
    ...listed.map(({ label, rows, precision, recall, f1, before }) => [
      shown(label, 16),
      count(rows),
      value(precision),
      value(recall),
      value(f1),
      f1 === null ? '' : range(f1),
      ...(production === null ? [] : [value(before)]),
    ]),
  ]);
  const rest = all.length - listed.length;
  return richText(
    section(
      bold(`Each class of ${names.candidate}`),
      production === null ? '' : `, with the F1 of ${names.production} last`,
      rest > 0
        ? `; ${plural(rest, 'class', 'classes')} that ${production === null ? 'did better' : 'lost less'} not listed`
        : '',
    ),
    preformatted(table),
  );
}

/** Accuracy by slice; null where the policy names none. */
export function slicesBlock({ slices }: Evidence, names: Names): RichTextBlock | null {
  if (slices.length === 0) return null;
  const listed = slices.slice(0, MOST_CLASSES);
  const rest = slices.length - listed.length;
  const table = columns([
    ['', 'rows', names.candidate, '95 %', names.production],
    ...listed.map(({ title, rows, candidate, production }) => [
      shown(title, 24),
      count(rows),
      figure(candidate.estimate),
      range(candidate),
      figure(production.estimate),
    ]),
  ]);
  return richText(
    section(
      bold('Accuracy by slice'),
      rest > 0 ? `; ${plural(rest, 'slice')} that lost less not listed` : '',
    ),
    preformatted(table),
  );
}

/** Without production, the F1 itself decides which classes come first. */
function changeOf({
  f1,
  before,
}: {
  readonly f1: Interval | null;
  readonly before: Interval | null;
}): number {
  return (f1?.estimate ?? 0) - (before?.estimate ?? 0);
}
