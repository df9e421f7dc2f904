import { describe, expect, it } from 'vitest';
import { withAudit } from '../../pipeline/flow/with-audit.ts';
import { ada, createFlowWorld, grace, kit } from './world.ts';

function audited() {
  const world = createFlowWorld();
  const pipeline = withAudit(world.pipeline, { from: 'ci', clock: world.clock });
  const kept = async () =>
    (await pipeline.audit.list({})).map(({ by, from, action, model, what, outcome }) => [
      by.name,
      from,
      action,
      model,
      what,
      outcome,
    ]);
  return { world, pipeline, kept };
}

const rollback = {
  kind: 'rollback',
  requestId: 'back',
  model: 'spam',
  version: null,
  requestedBy: ada,
  reason: 'token=abc123 complaints',
} as const;

describe('withAudit', () => {
  it('keeps what was done, with its source and without secrets', async () => {
    const { world, pipeline, kept } = audited();
    await world.deployed('first');
    await world.deployed('second');

    await pipeline.startRun(rollback);
    await pipeline.startRun(rollback);

    expect((await kept()).filter(([, from]) => from === 'ci')).toEqual([
      ['Ada', 'ci', 'rollback', 'spam', 'previous version token=•••• complaints', { kind: 'ok' }],
    ]);
  });

  it('keeps what failed, and still fails', async () => {
    const { pipeline, kept } = audited();

    await expect(pipeline.startRun(rollback)).rejects.toMatchObject({
      code: 'NOTHING_TO_ROLL_BACK',
    });

    expect((await kept())[0]?.[5]).toEqual({ kind: 'failed', code: 'NOTHING_TO_ROLL_BACK' });
  });

  it('keeps decisions, refused ones with the reason', async () => {
    const { world, pipeline, kept } = audited();
    const runId = await world.retrain('first');
    const digest = (await world.run(runId)).approval?.digest ?? '';
    const decision = { runId, digest, outcome: 'approved', reason: null } as const;

    await pipeline.decide({ ...decision, by: kit, memberOf: ['U0KIT'] });
    await world.advance(1);
    await pipeline.decide({ ...decision, by: grace, memberOf: ['U0GRACE'] });

    expect(await kept()).toEqual([
      ['Grace', 'ci', 'approve', 'spam', runId, { kind: 'ok' }],
      ['Kit', 'ci', 'approve', 'spam', runId, { kind: 'refused', reason: 'not_an_approver' }],
    ]);
  });

  it('keeps stops, mutes and unmutes; queries leave nothing', async () => {
    const { world, pipeline, kept } = audited();
    const until = new Date(world.clock.now().getTime() + 60_000).toISOString();
    await pipeline.fleet();
    await pipeline.mute({ model: 'spam', kind: 'latency', by: ada, until, reason: null });
    await world.advance(1);
    await pipeline.unmute({ model: 'spam', by: ada });
    await world.advance(1);
    const runId = await world.retrain('first');
    await pipeline.stopRun({ runId, by: ada });

    expect((await kept()).map(([, , action, , what]) => [action, what])).toEqual([
      ['stop', runId],
      ['unmute', 'everything'],
      ['mute', `latency until ${until}`],
    ]);
  });
});
