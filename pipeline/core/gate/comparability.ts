import { quoted, rows } from './gate-words.ts';
import type { Predictions } from './predictions.ts';
import type { Check } from './verdict.ts';

/** The labels two models were trained on; null when the record of a training no longer exists. */
export interface Vocabularies {
  readonly candidate: readonly string[] | null;
  readonly production: readonly string[] | null;
}

/**
 * Why candidate and production cannot be compared; null when they can. A model scores nothing on a
 * class it was never trained on, so every candidate would beat it: that is no evidence.
 */
export function incomparable(
  { label, production }: Pick<Predictions, 'label' | 'production'>,
  {
    vocabularies,
    minimumRows,
    unanswered,
    seen = 0,
  }: {
    readonly vocabularies: Vocabularies;
    readonly minimumRows: number;
    /** Why production has no answers. */
    readonly unanswered: string | null;
    /** Rows that are left out, because production was trained on them. */
    readonly seen?: number;
  },
): Check | null {
  if (production === null) {
    return check(
      `Production could not answer the held-out rows: ${unanswered ?? 'no reason given'}`,
    );
  }
  const labels = labelProblem(label, production, vocabularies);
  if (labels !== null) return check(labels);
  if (label.length >= minimumRows) return null;
  const unseen = seen === 0 ? '' : ' that production was not trained on';
  return check(
    `Both models answered ${rows(label.length, 'held-out row')}${unseen}; fewer than ${minimumRows} say nothing about their difference.`,
  );
}

function labelProblem(
  truth: readonly string[],
  production: readonly string[],
  vocabularies: Vocabularies,
): string | null {
  const known = vocabularies.production ?? [...new Set(production)];
  const present = vocabularies.candidate ?? [...new Set(truth)];
  const added = missingFrom(known, present);
  const removed = missingFrom(present, known);
  // Without records, a class that neither is rare in the rows nor was ever answered is unknown.
  const isRecorded = vocabularies.production !== null && vocabularies.candidate !== null;
  if (!isRecorded && (added.length === 0 || removed.length === 0)) return null;
  if (added.length > 0 && removed.length > 0) {
    return `The labels differ: the data has ${quoted(added)}, which production does not know, and no longer ${quoted(removed)}, which production answers. Were they renamed?`;
  }
  if (added.length > 0) {
    return `The labels differ: production was not trained on ${quoted(added)}, so it gets every such row wrong.`;
  }
  if (removed.length === 0) return null;
  return `The labels differ: production also answers ${quoted(removed)}, which the data no longer has.`;
}

const missingFrom = (have: readonly string[], wanted: readonly string[]): readonly string[] => {
  const known = new Set(have);
  return wanted.filter((label) => !known.has(label)).sort();
};

const check = (reason: string): Check => ({
  name: 'comparable',
  outcome: 'not_comparable',
  reason,
});
