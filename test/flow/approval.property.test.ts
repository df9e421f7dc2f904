import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { card } from '../../bot/features/run/card.ts';
import type { Actor, Run } from '../../pipeline/core/run.ts';
import { createStudio } from './studio.ts';
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
  | {
      readonly kind: 'studio';
      readonly who: keyof typeof people | 'mallory';
      readonly outcome: 'approved' | 'rejected';
      /** How often its event comes. */
      readonly deliveries: number;
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
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('studio' as const),
      who: fc.constantFrom('ada', 'grace', 'linus', 'kit', 'mallory'),
      outcome,
      deliveries: fc.constantFrom(0, 1, 2),
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

describe('an approval, under any interleaving of clicks, decisions in Studio, duplicates, expiries and restarts', () => {
  it('never passes without right and quorum, never twice, and its card is right', async () => {
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
    case 'studio': {
      const { set, deliver } = createStudio(world);
      await set(each.who, each.outcome === 'approved' ? 'Approved' : 'Rejected');
      await Promise.all(Array.from({ length: each.deliveries }, () => deliver()));
      return;
    }
    case 'race': {
      // Two people at the same instant, and one of them twice, from both sources.
      const { set, deliver } = createStudio(world);
      await set('linus', 'Approved');
      await Promise.all([
        world.decide(id, grace, each.outcome),
        world.decide(id, linus),
        deliver(),
        world.decide(id, linus),
        deliver(),
      ]);
      return;
    }
    case 'hours':
      await world.advance(each.hours * hour);
      return;
    case 'restart':
      await world.restart();
  }
}

function expectRightful(run: Run, quorum: number): void {
  const decisions = run.approval?.decisions ?? [];
  const deciders = decisions.map(({ by }) => idOf(by));
  expect(new Set(deciders).size).toBe(deciders.length);
  for (const decider of deciders) {
    expect(approvers.map(idOf)).toContain(decider);
    expect(decider).not.toBe(idOf(run.requestedBy));
  }
  const approvals = decisions.filter((each) => each.outcome === 'approved').length;
  const isRejected = decisions.some((each) => each.outcome === 'rejected');
  if (run.outcome === 'deployed') expect([approvals, isRejected]).toEqual([quorum, false]);
  if (run.outcome === 'rejected') expect(isRejected).toBe(true);
  if (run.outcome === 'expired') expect(approvals).toBeLessThan(quorum);
  expect(['deployed', 'rejected', 'expired']).toContain(run.outcome);
}

/** In Studio people go by other names. */
function idOf(actor: Actor): string {
  return actor.kind === 'person' ? actor.id : actor.name;
}

function truthOf(run: Run): RegExp {
  if (run.outcome === 'deployed') return /v1 is live/;
  return run.outcome === 'rejected' ? /was rejected/ : /was not approved in time/;
}
