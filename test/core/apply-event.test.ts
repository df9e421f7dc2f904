import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEvent } from '../../pipeline/core/apply-event/apply-event.ts';
import { newRun } from '../../pipeline/core/apply-event/new-run.ts';
import type { RunEvent } from '../../pipeline/core/events.ts';
import type { Run, StageStatus } from '../../pipeline/core/run.ts';
import { runStarted } from '../fakes/samples.ts';
import { orderlyStory } from './orderly-run.ts';

const rank: Record<StageStatus, number> = { pending: 0, running: 1, succeeded: 2, failed: 2 };

describe('applyEvent', () => {
  it('follows an orderly run to its end', () => {
    const run = fold(orderlyStory);

    expect(run.outcome).toBe('deployed');
    expect(run.stages.every((stage) => stage.status === 'succeeded')).toBe(true);
  });

  it('does not change for a repeated event', () => {
    let run: Run = newRun(runStarted());
    for (const event of orderlyStory) {
      const once = applyEvent(run, event);
      if (once === null) throw new Error('The run disappeared.');
      expect(applyEvent(once, event)).toBe(once);
      run = once;
    }
  });

  it('ends the same when every event comes twice and late copies come in between', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(orderlyStory.length - 1), { maxLength: 60 }), (echoes) => {
        const stream = orderlyStory.flatMap((event, i) => [
          event,
          ...echoes.filter((echo) => echo <= i).flatMap((echo) => orderlyStory[echo] ?? []),
        ]);
        expect(withoutCounters(fold(stream))).toEqual(withoutCounters(fold(orderlyStory)));
      }),
      { numRuns: 50 },
    );
  });

  it('never moves a stage back, never deploys unapproved and never changes an ended run', () => {
    const anyEvent = fc.constantFrom(...orderlyStory, ...disturbances);
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 80 }), (events) => {
        let run: Run = newRun(runStarted());
        for (const event of events) {
          const next = applyEvent(run, event) ?? run;
          for (const [i, stage] of next.stages.entries()) {
            expect(rank[stage.status]).toBeGreaterThanOrEqual(
              rank[run.stages[i]?.status ?? 'pending'],
            );
          }
          if (run.outcome !== null) expect(next).toBe(run);
          if (next.deployment !== null) {
            expect(['approved', 'not_needed']).toContain(next.approval?.outcome);
          }
          expect(next.revision - run.revision).toBe(next === run ? 0 : 1);
          run = next;
        }
      }),
      { numRuns: 300 },
    );
  });
});

const at = '2026-11-22T09:59:00.000Z';
const runId = 'spam-aaaaaaaa';
const disturbances: readonly RunEvent[] = [
  { type: 'ApprovalExpired', runId, at },
  { type: 'StopRequested', runId, at, by: { kind: 'person', id: 'U0ADA', name: 'Ada' } },
  { type: 'RunEnded', runId, at, outcome: 'stopped', failure: null },
  { type: 'DeploymentReverted', runId, at, reason: 'errors' },
  {
    type: 'DecisionRecorded',
    runId,
    at,
    digest: 'other',
    decision: {
      by: { kind: 'person', id: 'U0GRACE', name: 'Grace' },
      outcome: 'approved',
      reason: null,
      at,
    },
  },
];

function fold(events: readonly RunEvent[]): Run {
  return events.reduce<Run>((run, event) => applyEvent(run, event) ?? run, newRun(runStarted()));
}

function withoutCounters({ revision, updatedAt, ...rest }: Run) {
  return rest;
}
