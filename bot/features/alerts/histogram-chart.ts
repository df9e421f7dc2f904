import type { Histogram } from '../../../pipeline/core/alert/alert.ts';
import { type ChartBlock, chartBlock } from '../../blocks/chart.ts';
import { count } from '../../blocks/format.ts';
import { histogramTitle } from '../../blocks/histogram-words.ts';

/** As many as stand side by side under the axis. */
const MOST_BINS = 15;

/** What a version was evaluated on beside what it is asked now, in percent of the inputs. */
export function histogramChart(
  { name, bins, reference, now }: Histogram,
  version: number,
): ChartBlock | null {
  const [rows, inputs] = [sum(reference), sum(now)];
  if (rows === 0 || inputs === 0) return null;
  const shares = bins.map((bin, index) => ({
    bin,
    index,
    reference: (100 * (reference[index] ?? 0)) / rows,
    now: (100 * (now[index] ?? 0)) / inputs,
  }));
  const most = shares
    .filter((each) => each.reference + each.now > 0)
    .toSorted((a, b) => b.reference + b.now - a.reference - a.now)
    .slice(0, MOST_BINS)
    .toSorted((a, b) => a.index - b.index);
  return chartBlock({
    kind: 'bar',
    title: `Inputs of v${version}: ${histogramTitle(name)}`,
    categories: most.map(({ bin }) => bin),
    series: [
      { name: 'evaluated on', values: most.map((each) => each.reference) },
      { name: 'now', values: most.map((each) => each.now) },
    ],
    xLabel: `${count(rows)} rows, now ${count(inputs)} inputs`,
    yLabel: '% of inputs',
  });
}

const sum = (counts: readonly number[]): number => counts.reduce((total, each) => total + each, 0);
