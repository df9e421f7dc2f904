/** What must hold in every history. `mutants/mutants.ts` breaks each of them on purpose. */
export const invariants = {
  approved: 'No deployment without a passed gate or the decision of people who may decide.',
  once: 'At most one deployment for one decision.',
  truthful: 'What serves is verified, and is what the record says.',
  outcast: 'A version that was rolled back, put back or blocked returns only with a new approval.',
  forward: 'A run record only moves forward.',
  ends: 'Every run ends, for a reason that happened.',
  jobs: 'No job runs on for a run that has ended.',
  leases: 'Nobody holds a lease at the end.',
  cards: 'Each run has one card, and card and thread tell its last state, each entry once.',
  accepted: 'What was accepted is done.',
  audit: 'The audit has every decision once.',
  caught: 'Nothing is thrown that nobody catches.',
  limits: 'Slack is never sent what it refuses.',
  answered: 'Whatever people type or press in Slack is answered.',
} as const;

export type Invariant = keyof typeof invariants;

export interface Violation {
  readonly invariant: Invariant;
  readonly message: string;
}

export type Report = (invariant: Invariant, message: string) => void;
