import type { Evaluation, ModelScores } from '../../pipeline/core/python-contract.ts';
import { shown } from './escape.ts';
import { figure, metricTitles, points } from './format.ts';

/** Most classes listed; the ones that lost most come first. */
const MOST_CLASSES = 12;

type Row = readonly [name: string, candidate: string, production: string, change: string];

/** Candidate beside production as fixed-width text, which every client shows as it is. */
export function evaluationTable(evaluation: Evaluation, productionName: string): string {
  const { candidate, production } = evaluation;
  const classes = classRows(candidate, production);
  const rows: readonly Row[] = [
    [
      '',
      'candidate',
      production === null ? '' : productionName,
      production === null ? '' : 'change',
    ],
    ...metricRows(candidate, production),
    ...classes.slice(0, MOST_CLASSES),
    latencyRow(candidate, production),
  ];
  const rest = classes.length - MOST_CLASSES;
  return align(rows) + (rest > 0 ? `\nand ${rest} more classes` : '');
}

function metricRows(candidate: ModelScores, production: ModelScores | null): readonly Row[] {
  return Object.entries(candidate.metrics)
    .slice(0, 8)
    .map(([name, value]) => scoreRow(titleOf(name), value, production?.metrics[name]));
}

function classRows(candidate: ModelScores, production: ModelScores | null): readonly Row[] {
  return Object.entries(candidate.perClass)
    .map(([label, scores]) => ({ label, f1: scores.f1, before: production?.perClass[label]?.f1 }))
    .sort((a, b) => a.f1 - (a.before ?? 0) - (b.f1 - (b.before ?? 0)))
    .map(({ label, f1, before }) => scoreRow(`F1 ${shown(label, 24)}`, f1, before));
}

function scoreRow(name: string, candidate: number, production: number | undefined): Row {
  if (production === undefined) return [name, figure(candidate), '', ''];
  return [name, figure(candidate), figure(production), points(candidate - production)];
}

function latencyRow(candidate: ModelScores, production: ModelScores | null): Row {
  const milliseconds = (scores: ModelScores) => `${scores.latency.p50Milliseconds.toFixed(1)} ms`;
  return ['median time', milliseconds(candidate), production ? milliseconds(production) : '', ''];
}

function titleOf(name: string): string {
  return Object.hasOwn(metricTitles, name)
    ? metricTitles[name as keyof typeof metricTitles]
    : shown(name.replaceAll('_', ' '), 24);
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const width = (text: string): number => [...graphemes.segment(text)].length;

function align(rows: readonly Row[]): string {
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...rows.map((row) => width(row[column] ?? ''))),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const padding = ' '.repeat((widths[column] ?? 0) - width(cell));
          return column === 0 ? cell + padding : padding + cell;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
