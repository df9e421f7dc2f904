import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { card } from '../../bot/messages/card.ts';
import type { Actor, Run } from '../../pipeline/core/run.ts';
import { aConfig, ada, createFlowWorld, grace, kit, linus } from './world.ts';

const people = { ada, grace, linus, kit } as const;
const approvers: readonly Actor[] = [grace, linus];
const hour = 3600;

type Act =
  | {
      readonly kind: 'click';
      readonly who: keyof typeof people;
      readonly outcome: 'approved' | 'rejected';
    }
  | { readonly kind: 'race'; readonly outcome: 'approved' | 'rejected' }
  | { readonly kind: 'hours'; readonly hours: number }
  | { readonly kind: 'restart' };

const outcome = fc.constantFrom('approved' as const, 'approved' as const, 'rejected' as const);
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('click' as const),
      who: fc.constantFrom('ada', 'grace', 'linus', 'kit'),
      outcome,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('race' as const), outcome }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('hours' as const),
      hours: fc.constantFrom(1, 5, 30, 49),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'restart' as const }) },
);

describe('an approval, under any interleaving of clicks, duplicates, expiries and restarts', () => {
  it('never passes without right and quorum, never twice, and its card tells the truth', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(1, 2),
        fc.constantFrom(ada, grace),
        fc.array(act, { maxLength: 8 }),
        async (quorum, requestedBy, acts) => {
          const policy = { mode: 'people' as const, approvers: ['U0GRACE', 'U0LINUS'], quorum };
          const world = createFlowWorld(aConfig({ approval: policy }));
          const id = await world.retrain('first', requestedBy);

          for (const each of acts) await perform(world, id, each);
          await world.advance(60 * hour);

          const run = await world.run(id);
          expectRightful(run, quorum);
          expect(world.endpoints.deployed).toHaveLength(run.outcome === 'deployed' ? 1 : 0);
          expect(card(run, { title: 'Spam', metric: 'macro_f1' }).text).toMatch(truthOf(run));
        },
      ),
      { numRuns: 60 },
    );
  }, 120_000);
});

async function perform(world: ReturnType<typeof createFlowWorld>, id: string, each: Act) {
  switch (each.kind) {
    case 'click':
      await world.decide(id, people[each.who], each.outcome);
      return;
    case 'race':
      // Two people at the same instant, and one of them twice.
      await Promise.all([
        world.decide(id, grace, each.outcome),
        world.decide(id, linus),
        world.decide(id, linus),
      ]);
      return;
    case 'hours':
      await world.advance(each.hours * hour);
      return;
    case 'restart':
      await world.restart();
  }
}

function expectRightful(run: Run, quorum: number): void {
  const decisions = run.approval?.decisions ?? [];
  const names = decisions.map(({ by }) => by.name);
  expect(new Set(names).size).toBe(names.length);
  for (const { by } of decisions) {
    expect(approvers).toContainEqual(by);
    expect(by).not.toEqual(run.requestedBy);
  }
  const approvals = decisions.filter((each) => each.outcome === 'approved').length;
  const isRejected = decisions.some((each) => each.outcome === 'rejected');
  if (run.outcome === 'deployed') expect([approvals, isRejected]).toEqual([quorum, false]);
  if (run.outcome === 'rejected') expect(isRejected).toBe(true);
  if (run.outcome === 'expired') expect(approvals).toBeLessThan(quorum);
  expect(['deployed', 'rejected', 'expired']).toContain(run.outcome);
}

function truthOf(run: Run): RegExp {
  if (run.outcome === 'deployed') return /v1 is live/;
  return run.outcome === 'rejected' ? /was rejected/ : /nobody approved in time/;
}
