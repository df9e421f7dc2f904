import type { TableBlock } from '@slack/types';
import { isLatencyNoise } from '../../../pipeline/core/compare-versions.ts';
import type { Evaluation, ModelScores } from '../../../pipeline/core/python-contract.ts';
import { columns } from '../../blocks/columns.ts';
import { shown } from '../../blocks/escape.ts';
import { figure, points } from '../../blocks/format.ts';
import { metricTitle } from '../../blocks/metric-title.ts';

/** Most classes listed; the ones that lost most come first. */
const MOST_CLASSES = 12;

export type Row = readonly [name: string, candidate: string, production: string, change: string];

/** Candidate beside production, figure by figure: the first row names the columns. */
export function evaluationRows(
  evaluation: Evaluation,
  productionName: string,
): { rows: readonly Row[]; shownClasses: number; hiddenClasses: number } {
  const { candidate, production } = evaluation;
  const classes = classRows(candidate, production);
  const rows: readonly Row[] = [
    [
      '',
      'candidate',
      production === null ? '' : productionName,
      production === null ? '' : 'points',
    ],
    ...metricRows(candidate, production),
    ...classes.slice(0, MOST_CLASSES),
    ...latencyRows(candidate, production),
  ];
  const shownClasses = Math.min(classes.length, MOST_CLASSES);
  return { rows, shownClasses, hiddenClasses: classes.length - shownClasses };
}

/** As Slack's own table, which scrolls sideways in a narrow thread. */
export function tableBlock(rows: readonly Row[]): TableBlock {
  const columns = rows.some(([, , production]) => production !== '') ? 4 : 2;
  return {
    type: 'table',
    column_settings: [
      { align: 'left' },
      { align: 'right' },
      { align: 'right' },
      { align: 'right' },
    ].slice(0, columns) as NonNullable<TableBlock['column_settings']>,
    rows: rows.map((row) =>
      // Slack refuses an empty cell.
      row.slice(0, columns).map((text) => ({ type: 'raw_text', text: text || NOTHING })),
    ),
  };
}

/** An empty cell that is not empty: a no-break space. */
const NOTHING = '\u00a0';

/** As fixed-width text, which every client shows as it is. */
export function tableText(rows: readonly Row[]): string {
  return columns(rows);
}

function metricRows(candidate: ModelScores, production: ModelScores | null): readonly Row[] {
  return Object.entries(candidate.metrics)
    .slice(0, 8)
    .map(([name, value]) => scoreRow(metricTitle(name), value, production?.metrics[name]));
}

function classRows(candidate: ModelScores, production: ModelScores | null): readonly Row[] {
  return Object.entries(candidate.perClass)
    .map(([label, scores]) => ({ label, f1: scores.f1, before: production?.perClass[label]?.f1 }))
    .sort((a, b) => a.f1 - (a.before ?? 0) - (b.f1 - (b.before ?? 0)))
    .map(({ label, f1, before }) => scoreRow(`F1 ${shown(label, 24)}`, f1, before));
}

function scoreRow(name: string, candidate: number, production: number | undefined): Row {
  if (production === undefined) return [name, figure(candidate), '', ''];
  return [name, figure(candidate), figure(production), bare(candidate - production)];
}

/** A change in points; the head of its column names the unit, which keeps the table narrow. */
const bare = (difference: number): string => points(difference).replace(' points', '');

/** No row where the two differ by less than single answers of one do: noise would read as a fact. */
function latencyRows(candidate: ModelScores, production: ModelScores | null): readonly Row[] {
  if (isLatencyNoise(production, candidate)) return [];
  const milliseconds = (scores: ModelScores) => `${scores.latency.p50Milliseconds.toFixed(1)} ms`;
  return [['Median time', milliseconds(candidate), production ? milliseconds(production) : '', '']];
}
