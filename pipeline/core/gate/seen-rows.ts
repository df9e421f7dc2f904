import { z } from 'zod';
import { rows } from './gate-words.ts';
import { filterSlices, type Predictions } from './predictions.ts';
import type { Check, Verdict } from './verdict.ts';

/** `seen.json`: ids of held-out rows that a version was trained on, by version, where that is known. */
export const seenSchema = z.object({ versions: z.record(z.string(), z.array(z.string())) });

/**
 * Held-out rows that a model was trained on, exactly or nearly; null where that is not known, and left
 * out where it was not asked.
 */
export interface SeenRows {
  readonly production?: ReadonlySet<string> | null;
  readonly anchor?: ReadonlySet<string> | null;
}

/** The rows that are not in `seen`; the very same predictions when all are left. */
export function withoutSeen(
  predictions: Predictions,
  seen: ReadonlySet<string> | null | undefined,
): Predictions {
  if (seen == null || !predictions.id.some((id) => seen.has(id))) return predictions;
  const { id, label, candidate, production, anchor, baseline, slices, scores } = predictions;
  const isLeft = (_: unknown, row: number) => !seen.has(id[row] ?? '');
  return {
    id: id.filter(isLeft),
    label: label.filter(isLeft),
    candidate: candidate.filter(isLeft),
    production: production?.filter(isLeft) ?? null,
    anchor: anchor?.filter(isLeft) ?? null,
    ...(baseline === undefined ? {} : { baseline: baseline?.filter(isLeft) ?? null }),
    ...(scores === undefined
      ? {}
      : {
          scores: {
            candidate: scores.candidate?.filter(isLeft) ?? null,
            production: scores.production?.filter(isLeft) ?? null,
            anchor: scores.anchor?.filter(isLeft) ?? null,
          },
        }),
    ...filterSlices(slices, (row) => isLeft('', row)),
  };
}

/** How many rows are left out, and how many are left. */
export function leftOutOf(
  all: Predictions,
  compared: Predictions,
): NonNullable<Verdict['leftOut']> {
  return { seen: all.id.length - compared.id.length, compared: compared.id.length };
}

/** Says how many rows are left out, or that this is not known; nothing when there are none. */
export function checkUnseen(
  {
    predictions,
    production,
    seen,
  }: {
    readonly predictions: Predictions;
    readonly production: number | null;
    readonly seen?: SeenRows;
  },
  compared: Predictions,
): readonly Check[] {
  if (seen?.production === null) {
    return passed(
      `It is not known which of the held-out rows v${production} was trained on; all of them are compared.`,
    );
  }
  const { seen: count } = leftOutOf(predictions, compared);
  if (count === 0) return [];
  const [verb, them] = count === 1 ? ['is', 'it'] : ['are', 'them'];
  return passed(
    `${count.toLocaleString('en-US')} of ${rows(predictions.id.length, 'held-out row')} ${verb} left out of the comparison: v${production} was trained on ${them} or on nearly the same.`,
  );
}

const passed = (reason: string): readonly Check[] => [
  { name: 'unseen_rows', outcome: 'pass', reason },
];
