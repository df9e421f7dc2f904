import type { PrepareReport } from '../../pipeline/core/python-contract.ts';
import { aPrepareReport } from './samples.ts';

/** Rows by label, as ranges of numbers: rows with the same number have the same content. */
export type RowRanges = Readonly<Record<string, readonly [from: number, to: number]>>;

const idOf = (row: number): string => row.toString(16).padStart(12, '0');

/** The report of a dataset with these rows, of which all are listed. */
export function aReportOf(
  ranges: RowRanges,
  overrides: Partial<PrepareReport> = {},
): PrepareReport {
  const labels = Object.entries(ranges);
  const size = labels.reduce((sum, [, [from, to]]) => sum + to - from, 0);
  const report = aPrepareReport();
  return {
    ...report,
    rows: { ...report.rows, read: size, kept: size },
    labels: Object.fromEntries(labels.map(([label, [from, to]]) => [label, to - from])),
    profile: {
      textLength: { lower: 40, median: 100, upper: 200 },
      sample: {
        below: null,
        rows: Object.fromEntries(
          labels.map(([label, [from, to]]) => [
            label,
            Array.from({ length: to - from }, (_, index) => idOf(from + index)),
          ]),
        ),
      },
    },
    ...overrides,
  };
}
