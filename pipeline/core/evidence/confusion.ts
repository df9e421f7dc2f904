import type { Cells } from '../gate/cells.ts';
import { f1Of, type Interval, shareOf } from './interval.ts';

/**
 * Rows by true class and answer, in the order of the classes; the last column counts answers that are
 * no class of the rows.
 */
export type Confusion = readonly (readonly number[])[];

export function confusionOf(cells: Cells, of: 'candidate' | 'other'): Confusion {
  const width = cells.classes.length;
  const table = cells.classes.map(() => new Array<number>(width + 1).fill(0));
  for (const [cell, count] of cells.counts.entries()) {
    const row = table[cells.truth[cell] ?? -1];
    const answer = cells[of][cell] ?? -1;
    const column = answer < 0 ? width : answer;
    if (row !== undefined) row[column] = (row[column] ?? 0) + count;
  }
  return table;
}

/** How a model does on the rows of one class. */
export interface ClassScores {
  readonly label: string;
  /** Rows of the class, and rows taken for it. */
  readonly rows: number;
  readonly answered: number;
  /** Null when it was never answered. */
  readonly precision: Interval | null;
  readonly recall: Interval | null;
  readonly f1: Interval | null;
}

export function classScores(
  classes: readonly string[],
  confusion: Confusion,
): readonly ClassScores[] {
  return classes.map((label, index) => {
    const own = confusion[index] ?? [];
    const rows = own.reduce((sum, count) => sum + count, 0);
    const answered = confusion.reduce((sum, row) => sum + (row[index] ?? 0), 0);
    const right = own[index] ?? 0;
    return {
      label,
      rows,
      answered,
      precision: shareOf(right, answered),
      recall: shareOf(right, rows),
      f1: f1Of(right, rows - right, answered - right),
    };
  });
}

/** A kind of mistake: rows of one class that were taken for another. */
export interface Mistake {
  readonly label: string;
  /** Null for answers that are no class of the rows. */
  readonly answer: string | null;
  readonly count: number;
}

/** The most frequent mistakes first; of equally frequent ones, in the order of the classes. */
export function mistakesOf(classes: readonly string[], confusion: Confusion): readonly Mistake[] {
  return confusion
    .flatMap((row, truth) =>
      row.flatMap((count, answer) =>
        count === 0 || answer === truth
          ? []
          : [{ label: classes[truth] ?? '', answer: classes[answer] ?? null, count }],
      ),
    )
    .sort((a, b) => b.count - a.count);
}
