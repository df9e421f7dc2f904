import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mistakesOf } from '../../pipeline/core/evidence/confusion.ts';
import { type Evidence, gatherEvidence } from '../../pipeline/core/evidence/evidence.ts';
import type { Predictions } from '../../pipeline/core/gate/predictions.ts';

/** Answers may be no class of the rows. */
const answer = fc.constantFrom('a', 'b', 'c', 'never a label');
const aRow = fc.record({
  label: fc.constantFrom('a', 'b', 'c'),
  candidate: answer,
  production: answer,
  own: fc.double({ min: 0, max: 1, noNaN: true }),
  live: fc.double({ min: 0, max: 1, noNaN: true }),
});
type Row = Readonly<{
  id: string;
  label: string;
  candidate: string;
  production: string;
  own: number;
  live: number;
}>;
const someRows = fc
  .array(aRow, { minLength: 1, maxLength: 60 })
  .map((rows) => rows.map((row, index) => ({ ...row, id: `row-${index}` })));

function predictionsOf(rows: readonly Row[]): Predictions {
  return {
    id: rows.map(({ id }) => id),
    label: rows.map(({ label }) => label),
    candidate: rows.map(({ candidate }) => candidate),
    production: rows.map(({ production }) => production),
    anchor: null,
    scores: {
      candidate: rows.map(({ own }) => own),
      production: rows.map(({ live }) => live),
      anchor: null,
    },
  };
}

function gather(rows: readonly Row[], seen?: ReadonlySet<string>): Evidence {
  const gathering = gatherEvidence(predictionsOf(rows), { seen });
  for (;;) {
    const next = gathering.next();
    if (next.done === true) return next.value;
  }
}

const total = (confusion: readonly (readonly number[])[]) =>
  confusion.flat().reduce((sum, count) => sum + count, 0);

// Each case draws 2,000 times.
const few = { numRuns: 25 };

describe('the evidence for a decision', () => {
  it('counts every row once in each confusion matrix, and every mistake once in the list', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        const { candidate, production, classes, rows: compared } = gather(rows);

        for (const model of [candidate, production]) {
          const confusion = model?.confusion ?? [];
          const wrong = mistakesOf(classes, confusion).reduce((sum, { count }) => sum + count, 0);
          const right = confusion.reduce((sum, row, truth) => sum + (row[truth] ?? 0), 0);
          expect(total(confusion)).toBe(compared);
          expect(right + wrong).toBe(compared);
          expect(right / compared).toBeCloseTo(model?.accuracy.estimate ?? Number.NaN, 12);
        }
      }),
      few,
    );
  });

  it('finds as many more rows won than lost as the candidate has more right answers', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        const { flips } = gather(rows);
        const right = (of: 'candidate' | 'production') =>
          rows.filter((row) => row[of] === row.label).length;

        expect((flips?.won ?? 0) - (flips?.lost ?? 0)).toBe(
          right('candidate') - right('production'),
        );
        expect(Object.values(flips ?? {}).reduce((sum, count) => sum + count, 0)).toBe(rows.length);
      }),
      few,
    );
  });

  it('has a calibration error between 0 and 1, and no figure outside its interval', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        const { candidate, production } = gather(rows);

        for (const model of [candidate, production]) {
          const { calibration, accuracy, perClass } = model ?? candidate;
          expect(calibration?.expectedError).toBeGreaterThanOrEqual(0);
          expect(calibration?.expectedError).toBeLessThanOrEqual(1);
          expect(calibration?.sureErrors).toBeLessThanOrEqual(calibration?.errors ?? -1);
          for (const each of [
            accuracy,
            ...perClass.flatMap(({ precision, recall, f1 }) => [precision, recall, f1]),
          ]) {
            if (each === null) continue;
            expect(each.lower).toBeLessThanOrEqual(each.estimate + 1e-12);
            expect(each.upper).toBeGreaterThanOrEqual(each.estimate - 1e-12);
            expect(each.lower).toBeGreaterThanOrEqual(0);
            expect(each.upper).toBeLessThanOrEqual(1);
          }
        }
      }),
      few,
    );
  });

  it('does not depend on the order of the rows', () => {
    const twice = someRows.chain((rows) =>
      fc.tuple(
        fc.constant(rows),
        fc.shuffledSubarray([...rows], { minLength: rows.length, maxLength: rows.length }),
      ),
    );
    fc.assert(
      fc.property(twice, ([rows, shuffled]) => {
        const [one, other] = [gather(rows), gather(shuffled)];

        expect(other.chosen).toEqual(one.chosen);
        expect(other.flips).toEqual(one.flips);
        expect(other.candidate.confusion).toEqual(one.candidate.confusion);
        expect(other.production?.perClass).toEqual(one.production?.perClass);
        expect(other.candidate.calibration?.expectedError).toBeCloseTo(
          one.candidate.calibration?.expectedError ?? Number.NaN,
          12,
        );
      }),
      few,
    );
  });

  it('leaves out the rows that production was trained on, for both models', () => {
    fc.assert(
      fc.property(someRows, fc.integer({ min: 1, max: 59 }), (rows, count) => {
        const seen = rows.slice(0, Math.min(count, rows.length - 1));
        const left = rows.slice(seen.length);
        const withAll = gather(rows, new Set(seen.map(({ id }) => id)));

        expect({ ...withAll, leftOut: 0 }).toEqual(gather(left));
        expect(withAll.leftOut).toBe(seen.length);
      }),
      few,
    );
  });
});
