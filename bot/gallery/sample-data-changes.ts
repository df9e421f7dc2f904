import type { DataChanges } from '../../pipeline/core/data-contract/data-changes.ts';

/** Rows that changed their label, which people decide about. */
export const relabelledData: DataChanges = {
  against: 6,
  action: 'ask',
  changes: [
    {
      kind: 'relabelled',
      action: 'ask',
      isMinor: false,
      reason: '818 rows moved from “spam” to “ham”: 13 % of the rows that both datasets have.',
    },
    {
      kind: 'shares',
      action: 'continue',
      isMinor: true,
      reason: '“ham” is 72 % of the rows, before 59 %.',
    },
    {
      kind: 'text_length',
      action: 'continue',
      isMinor: true,
      reason: 'Texts are longer: half of them have at most 1,310 characters, before 820.',
    },
  ],
};

/** Data that is not trained on without a person. */
export function stoppingChanges(labels: readonly string[]): DataChanges {
  const names = labels.slice(0, 3).map((label) => `“${label}”`);
  return {
    against: 6,
    action: 'stop',
    changes: [
      {
        kind: 'shrank',
        action: 'stop',
        isMinor: false,
        reason:
          'The dataset shrank from 31,400 to 9,120 rows (−71 %), and hardly any of them was in it before: is this only the new part?',
      },
      {
        kind: 'labels',
        action: 'ask',
        isMinor: false,
        reason: `Labels ${names.join(', ')} are new (1,204 rows).`,
      },
    ],
  };
}
