import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MlopsError } from '../../pipeline/core/errors.ts';
import type { Actor, Run, RunId } from '../../pipeline/core/run.ts';
import { aConfig, ada, createFlowWorld, type FlowWorld, grace, linus } from './world.ts';

const hour = 3600;
const people = { ada, grace, linus } as const;
type Person = keyof typeof people;

/** What people and production do, in any order. */
type Act =
  | { readonly kind: 'retrain'; readonly by: Person; readonly isGood: boolean }
  | { readonly kind: 'promote'; readonly by: Person; readonly version: number }
  | { readonly kind: 'rollback'; readonly by: Person; readonly version: number | null }
  | { readonly kind: 'decide'; readonly by: Person; readonly outcome: 'approved' | 'rejected' }
  | { readonly kind: 'lift'; readonly by: Person; readonly version: number }
  /** This version answers wrongly from now on, or none does. */
  | { readonly kind: 'break'; readonly version: number | null }
  | { readonly kind: 'minutes'; readonly minutes: number };

const by = fc.constantFrom<Person>('ada', 'grace', 'linus');
const version = fc.integer({ min: 1, max: 4 });
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('retrain' as const), by, isGood: fc.boolean() }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('promote' as const), by, version }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('rollback' as const),
      by,
      version: fc.option(version),
    }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      kind: fc.constant('decide' as const),
      by,
      outcome: fc.constantFrom('approved' as const, 'approved' as const, 'rejected' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('lift' as const), by, version }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('break' as const), version: fc.option(version) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('minutes' as const),
      minutes: fc.constantFrom(1, 30),
    }),
  },
);

describe('production, under any history of retrains, promotions, rollbacks, failures and lifts by several people', () => {
  it.each([['people' as const], ['auto' as const]])(
    'never moves to a version that was rolled back, failed or was blocked without a new approval (%s)',
    async (mode) => {
      await fc.assert(
        fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 14 }), async (acts) => {
          const approval =
            mode === 'auto'
              ? { mode }
              : { mode, approvers: ['U0GRACE', 'U0LINUS'], selfApproval: false };
          const world = createFlowWorld(aConfig({ approval }));
          const history = createHistory(world, mode);
          await world.deployed('first');
          await history.look();
          await world.deployed('second');
          await history.look();

          for (const [index, each] of acts.entries()) {
            await perform(world, each, `act ${index}`, history.lift);
            await history.look();
          }
          await world.advance(60 * hour);
          await history.look();
        }),
        { numRuns: 25 },
      );
    },
    240_000,
  );
});

/** Judges every deployment by what happened before it, in words of its own. */
function createHistory(world: FlowWorld, mode: 'people' | 'auto') {
  const seen = new Set<RunId>();
  const healthy = new Set<number>();
  /** Versions that left production for a reason or were rejected since they were last approved. */
  const out = new Set<number>();
  const judged = new Set<string>();

  /** A deployment, the first time it is seen. */
  function judge(run: Run): void {
    const { kind, deployment, approval } = run;
    if (deployment === null) return;
    const { from, to } = deployment;
    if (kind === 'rollback') {
      expect([to, healthy.has(to)]).toEqual([to, true]);
      expect([to, out.has(to)]).toEqual([to, false]);
      expect(to).toBeLessThan(from ?? Number.POSITIVE_INFINITY);
      return;
    }
    const isByPeople = approval?.decisions.some(({ outcome }) => outcome === 'approved') === true;
    const isByPolicy = mode === 'auto' && approval?.outcome === 'not_needed';
    expect([to, isByPeople || (isByPolicy && !out.has(to))]).toEqual([to, true]);
    out.delete(to);
  }

  /** What became of a deployment: proven, replaced by a rollback, or put back. */
  function note(run: Run): void {
    const { id, kind, deployment } = run;
    if (deployment === null) return;
    const { from, to, verifiedAt, revertedAt } = deployment;
    const once = (what: string, then: () => void) => {
      if (judged.has(`${id} ${what}`)) return;
      judged.add(`${id} ${what}`);
      then();
    };
    if (verifiedAt !== null) {
      once('verified', () => {
        healthy.add(to);
        if (kind === 'rollback' && from !== null) out.add(from);
      });
    }
    if (revertedAt !== null) {
      once('reverted', () => {
        out.add(to);
        healthy.delete(to);
        if (kind === 'rollback' && from !== null) out.delete(from);
      });
    }
  }

  return {
    /** Under the policy “auto” a person's word is the new approval. */
    lift(version: number): void {
      if (mode === 'auto') out.delete(version);
    },
    async look(): Promise<void> {
      const runs = [...(await world.runs.list({ model: 'spam', limit: 200 }))];
      const inOrder = runs
        .filter(({ deployment }) => deployment !== null)
        .sort((a, b) => startedAt(a).localeCompare(startedAt(b)));
      for (const run of inOrder) {
        if (!seen.has(run.id)) judge(run);
        seen.add(run.id);
        note(run);
      }
      for (const run of runs) {
        if (
          run.kind === 'promote' &&
          run.approval?.outcome === 'rejected' &&
          run.version !== null
        ) {
          if (!judged.has(run.id)) out.add(run.version);
          judged.add(run.id);
        }
      }
    },
  };
}

const wrongFor =
  (broken: number | null) =>
  (body: string, { version: live }: { readonly version: number }) =>
    JSON.stringify([{ label: live === broken ? 'wrong' : JSON.parse(body).inputs, score: 0.9 }]);

const startedAt = (run: Run) => run.deployment?.startedAt ?? '';

async function perform(
  world: FlowWorld,
  each: Act,
  requestId: string,
  lifted: (version: number) => void,
): Promise<void> {
  const common = { requestId, model: 'spam', reason: null };
  try {
    switch (each.kind) {
      case 'retrain':
        world.quality.candidate = each.isGood ? 0.95 : 0.85;
        await world.retrain(requestId, people[each.by]);
        break;
      case 'promote':
      case 'rollback': {
        const { kind, version: asked } = each;
        const requestedBy: Actor = people[each.by];
        await world.pipeline.startRun(
          kind === 'promote'
            ? { ...common, kind, requestedBy, version: asked }
            : { ...common, kind, requestedBy, version: asked },
        );
        break;
      }
      case 'decide': {
        const [waiting] = (await world.runs.list({ model: 'spam', ended: false })).filter(
          ({ approval }) => approval?.outcome === null,
        );
        if (waiting !== undefined) await world.decide(waiting.id, people[each.by], each.outcome);
        break;
      }
      case 'lift': {
        const request = { model: 'spam', version: each.version, reason: 'not at fault' };
        await world.pipeline.liftMark({ ...request, by: people[each.by] });
        lifted(each.version);
        break;
      }
      case 'break':
        world.endpoints.answer(wrongFor(each.version));
        break;
      case 'minutes':
        await world.advance(each.minutes * 60);
    }
  } catch (error) {
    // What people may not do is refused; anything else is a defect.
    if (!(error instanceof MlopsError) || error.code === 'UNEXPECTED') throw error;
  }
  await world.settle();
}
