import { describe, expect, it } from 'vitest';
import { aConfig, createFlowWorld, grace, kit, linus } from './world.ts';

describe('an approval', () => {
  it.each([
    ['a person who is no approver', kit, 'not_an_approver'],
    ['the person who requested the run', grace, 'own_request'],
  ] as const)('is refused from %s', async (_, by, kind) => {
    const world = createFlowWorld();
    const id = await world.retrain('first', grace);

    const result = await world.decide(id, by);

    expect(result).toMatchObject({ status: 'refused', refusal: { kind } });
    expect((await world.run(id)).approval?.decisions).toEqual([]);
  });

  it('is refused for another digest than the one asked about', async () => {
    const world = createFlowWorld();
    const id = await world.retrain('first');

    const result = await world.pipeline.decide({
      runId: id,
      digest: 'stale',
      by: grace,
      memberOf: ['U0GRACE'],
      outcome: 'approved',
      reason: null,
    });

    expect(result).toMatchObject({ status: 'refused', refusal: { kind: 'digest_changed' } });
  });

  it('counts once of two people at the same instant', async () => {
    const world = createFlowWorld();
    const id = await world.retrain('first');

    const results = await Promise.all([
      world.decide(id, grace),
      world.decide(id, linus, 'rejected'),
    ]);

    expect(results.map((result) => result.status).sort()).toEqual(['counted', 'refused']);
    expect((await world.run(id)).approval?.decisions).toHaveLength(1);
  });

  it('waits for the whole quorum', async () => {
    const approval = { mode: 'people' as const, approvers: ['U0GRACE', 'U0LINUS'], quorum: 2 };
    const world = createFlowWorld(aConfig({ approval }));
    const id = await world.retrain('first');

    await world.decide(id, grace);
    expect((await world.run(id)).approval?.outcome).toBeNull();
    await world.decide(id, linus);

    expect((await world.run(id)).approval?.outcome).toBe('approved');
  });

  it('ends the run with the reason when a person rejects', async () => {
    const world = createFlowWorld();
    const id = await world.retrain('first');

    await world.decide(id, grace, 'rejected');

    expect((await world.run(id)).outcome).toBe('rejected');
    expect(await world.registry.get('spam', 1)).toMatchObject({
      approval: 'Rejected',
      approvalNote: 'Grace: not today',
    });
    expect(world.endpoints.deployed).toEqual([]);
  });

  it('is reminded of once and expires', async () => {
    const world = createFlowWorld();
    const id = await world.retrain('first');

    await world.advance(5 * 3600);
    expect((await world.run(id)).approval?.remindedAt).not.toBeNull();
    await world.advance(48 * 3600);

    expect((await world.run(id)).outcome).toBe('expired');
    const late = await world.decide(id, grace);
    expect(late).toMatchObject({ status: 'refused', refusal: { kind: 'expired' } });
    expect(world.bus.events.filter((event) => event.type === 'ApprovalReminded')).toHaveLength(1);
  });
});

describe('a reminder that a person asks for', () => {
  it('counts once of two people at the same instant', async () => {
    const world = createFlowWorld();
    const id = await world.retrain('first');
    await world.advance(3600);

    const results = await Promise.all([
      world.pipeline.remind({ runId: id, by: linus }),
      world.pipeline.remind({ runId: id, by: kit }),
    ]);

    expect(results.map(({ status }) => status).sort()).toEqual(['refused', 'reminded']);
    expect((await world.run(id)).approval?.reminder?.count).toBe(1);
    const asked = world.bus.events.filter(({ type }) => type === 'ReminderRequested');
    expect(asked).toHaveLength(1);
  });

  it('leaves the one that comes by itself as it is, and is refused within an hour of it', async () => {
    const world = createFlowWorld();
    const id = await world.retrain('first');
    await world.advance(2 * 3600);
    expect(await world.pipeline.remind({ runId: id, by: kit })).toMatchObject({
      status: 'reminded',
    });

    await world.advance(2.5 * 3600);

    const { approval } = await world.run(id);
    expect(approval?.remindedAt).not.toBeNull();
    expect(await world.pipeline.remind({ runId: id, by: kit })).toMatchObject({
      status: 'refused',
      refusal: { kind: 'too_soon' },
    });
  });

  it('is refused once the request is decided', async () => {
    const world = createFlowWorld();
    const id = await world.retrain('first');
    await world.advance(3600);
    await world.decide(id, grace, 'rejected');

    expect(await world.pipeline.remind({ runId: id, by: kit })).toMatchObject({
      status: 'refused',
      refusal: { kind: 'not_waiting' },
    });
  });
});

describe('handing a request over', () => {
  it('asks a person once, of two people at the same instant too', async () => {
    const world = createFlowWorld();
    const runId = await world.retrain('first');
    const to = { kind: 'person' as const, id: 'U0GRACE', name: 'Grace' };

    const results = await Promise.all(
      [linus, kit].map((by) => world.pipeline.handOver({ runId, by, to, memberOf: ['U0GRACE'] })),
    );

    expect(results.map(({ status }) => status).sort()).toEqual(['handed_over', 'refused']);
    expect((await world.run(runId)).approval?.handedOver).toMatchObject([{ to }]);
  });

  it('gives no one a right', async () => {
    const world = createFlowWorld();
    const runId = await world.retrain('first');
    const to = { kind: 'person' as const, id: 'U0KIT', name: 'Kit' };

    const result = await world.pipeline.handOver({ runId, by: grace, to, memberOf: ['U0KIT'] });

    expect(result).toMatchObject({
      status: 'refused',
      refusal: { kind: 'cannot_decide', refusal: { kind: 'not_an_approver' } },
    });
    expect(await world.decide(runId, kit)).toMatchObject({ status: 'refused' });
  });
});

describe('the policy "auto"', () => {
  it('blocks a candidate whose verdict is inconclusive', async () => {
    const world = createFlowWorld(
      aConfig({
        approval: { mode: 'auto' },
        gate: { minimum: 0.8, tolerance: 0, nonInferiorityMargin: 0.04 },
      }),
    );
    await world.retrain('first');
    await world.advance(3600);
    world.quality.candidate = 0.947;

    const id = await world.retrain('second');

    expect(await world.run(id)).toMatchObject({
      outcome: 'blocked',
      verdict: { outcome: 'inconclusive' },
      failure: { code: 'APPROVAL_MISSING' },
    });
  });
});

describe('a reminder for oneself', () => {
  it('comes at its time although the run was to look later, once, and not after a decision', async () => {
    const world = createFlowWorld();
    const runId = await world.retrain('first');
    const until = (hours: number) =>
      new Date(world.clock.now().getTime() + hours * 3_600_000).toISOString();
    const memberOf = ['U0GRACE'];
    const snoozed = async () => (await world.run(runId)).approval?.snoozes ?? [];

    await world.pipeline.snooze({ runId, by: grace, memberOf, until: until(3) });
    await world.pipeline.snooze({ runId, by: grace, memberOf, until: until(1) });
    await world.advance(0.5 * 3600);
    expect(await snoozed()).toMatchObject([{ by: grace, remindedAt: null }]);
    await world.advance(0.6 * 3600);
    const [reminded] = await snoozed();
    expect(reminded?.remindedAt).not.toBeNull();

    await world.pipeline.snooze({ runId, by: grace, memberOf, until: until(1) });
    await world.decide(runId, linus, 'rejected');
    await world.advance(2 * 3600);

    expect((await snoozed()).map(({ remindedAt }) => remindedAt === null)).toEqual([false, true]);
    expect(world.bus.events.filter(({ type }) => type === 'SnoozesEnded')).toHaveLength(1);
  });

  it('is for people who could decide, until the request expires', async () => {
    const world = createFlowWorld();
    const runId = await world.retrain('first');
    const until = new Date(world.clock.now().getTime() + 3_600_000).toISOString();

    expect(
      await world.pipeline.snooze({ runId, by: kit, memberOf: ['U0KIT'], until }),
    ).toMatchObject({ refusal: { kind: 'cannot_decide', refusal: { kind: 'not_an_approver' } } });
    expect(
      await world.pipeline.snooze({
        runId,
        by: grace,
        memberOf: ['U0GRACE'],
        until: new Date(world.clock.now().getTime() + 30 * 86_400_000).toISOString(),
      }),
    ).toMatchObject({ refusal: { kind: 'expires_before' } });
  });
});
