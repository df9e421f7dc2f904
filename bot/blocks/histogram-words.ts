import type { Observation } from '../../pipeline/core/alert/alert.ts';
import { shown } from './escape.ts';

/** Named by `training/serving/input_counts.py`; a histogram of another name is shown as it is. */
const titles = new Map([
  ['characters', 'length in characters'],
  ['words', 'length in words'],
  ['unfamiliar words', 'share of unfamiliar words'],
  ['digits', 'numbers'],
  ['capitals', 'capital letters'],
  ['punctuation', 'punctuation'],
  ['script', 'script'],
  ['label', 'answered label'],
  ['score', 'score of the answer'],
]);

const COLUMN = 'column:';
const MOST_NAMED = 5;

/** What a histogram is of, within a sentence. */
export function histogramTitle(name: string): string {
  const column = name.startsWith(COLUMN) ? name.slice(COLUMN.length) : null;
  return column === null ? (titles.get(name) ?? shown(name, 40)) : `column “${shown(column, 40)}”`;
}

/** The histograms beyond the limit, the one that moved most first; empty for other observations. */
export function movedText({ source }: Observation): string {
  if (source.kind !== 'inputs') return '';
  const most = source.histogram.name;
  const names = [most, ...source.moved.filter((name) => name !== most)];
  const rest = names.length - MOST_NAMED;
  const more = rest > 0 ? ` and ${rest} more` : '';
  return `${names.slice(0, MOST_NAMED).map(histogramTitle).join(', ')}${more}`;
}
