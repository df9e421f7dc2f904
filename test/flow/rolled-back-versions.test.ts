import { describe, expect, it } from 'vitest';
import { aConfig, ada, createFlowWorld, type FlowWorld, grace } from './world.ts';

const hour = 3600;

/** v1, then v2 live, and v2 rolled back. */
async function rolledBack(config = aConfig()): Promise<FlowWorld> {
  const world = createFlowWorld(config);
  await world.deployed('first');
  await world.deployed('second');
  await ask(world, 'rollback', null, 'flags invoices');
  await world.advance(hour);
  return world;
}

let asked = 0;

async function ask(
  world: FlowWorld,
  kind: 'rollback',
  version: number | null,
  reason?: string,
): Promise<string>;
async function ask(world: FlowWorld, kind: 'promote', version: number): Promise<string>;
async function ask(
  world: FlowWorld,
  kind: 'rollback' | 'promote',
  version: number | null,
  reason: string | null = null,
): Promise<string> {
  const common = { requestId: `ask ${++asked}`, model: 'spam', requestedBy: ada, reason };
  const { run } = await world.pipeline.startRun(
    kind === 'rollback' ? { ...common, kind, version } : { ...common, kind, version: version ?? 0 },
  );
  await world.settle();
  return run.id;
}

const live = async (world: FlowWorld) =>
  (await world.pipeline.modelStatus('spam')).production?.version.version ?? null;

describe('a version that was rolled back', () => {
  it('is marked with the run that says who and why, as soon as the rollback is live', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    await world.deployed('second');

    const run = await ask(world, 'rollback', null, 'flags invoices');

    expect((await world.registry.get('spam', 2))?.rolledBackBy).toBe(run);
    expect((await world.registry.get('spam', 1))?.rolledBackBy).toBeNull();
    expect((await world.pipeline.modelStatus('spam')).rolledBack).toMatchObject({
      kind: 'rolled_back',
      version: 2,
      by: ada,
      reason: 'flags invoices',
      backTo: 1,
    });
  });

  it('is named with who rolled it back and why when somebody rolls back to it', async () => {
    const world = await rolledBack();

    await expect(ask(world, 'rollback', 2)).rejects.toMatchObject({
      code: 'NOTHING_TO_ROLL_BACK',
      message: expect.stringMatching(/v2 was rolled back by Ada at .* UTC: flags invoices\.$/),
      hint: '/mlops promote spam 2 requests a new approval for it.',
    });
  });

  it('loses its mark when it is live again with a new approval', async () => {
    const world = await rolledBack();
    const promotion = await ask(world, 'promote', 2);
    expect((await world.registry.get('spam', 2))?.rolledBackBy).not.toBeNull();

    await world.decide(promotion, grace);

    expect(await live(world)).toBe(2);
    expect((await world.registry.get('spam', 2))?.rolledBackBy).toBeNull();
    expect((await world.pipeline.modelStatus('spam')).rolledBack).toBeNull();
  });

  it('keeps the mark of the second rollback after a promotion between the two', async () => {
    const world = await rolledBack();
    await world.decide(await ask(world, 'promote', 2), grace);
    await world.advance(hour);

    const second = await ask(world, 'rollback', 1);

    expect((await world.registry.get('spam', 2))?.rolledBackBy).toBe(second);
  });

  it('is marked although the registry did not answer when the rollback went live', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    await world.deployed('second');
    const { setRolledBack } = world.registry;
    world.registry.setRolledBack = () => Promise.reject(new Error('throttled'));
    const run = await ask(world, 'rollback', null);
    expect(await live(world)).toBe(1);
    await expect(ask(world, 'rollback', 2)).rejects.toMatchObject({ code: 'NOTHING_TO_ROLL_BACK' });
    world.registry.setRolledBack = setRolledBack;

    await world.advance(hour);

    expect((await world.registry.get('spam', 2))?.rolledBackBy).toBe(run);
  });

  it('is free of the mark once a person has lifted it, and still returns by a promotion', async () => {
    const world = await rolledBack();
    const lift = (reason: string, by = grace) =>
      world.pipeline.liftMark({ model: 'spam', version: 2, by, reason });

    await lift('mislabelled invoices');
    const again = await lift('me too', ada);

    expect(again.lifted).toMatchObject({ by: grace, reason: 'mislabelled invoices' });
    await expect(ask(world, 'rollback', 2)).rejects.toMatchObject({
      message: expect.stringContaining('Grace lifted the mark since.'),
    });
    await world.decide(await ask(world, 'promote', 2), grace);
    expect(await live(world)).toBe(2);
  });

  it('cannot lose a mark it does not have', async () => {
    const world = await rolledBack();

    const lift = (version: number) =>
      world.pipeline.liftMark({ model: 'spam', version, by: grace, reason: 'fine' });

    await expect(lift(1)).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(lift(9)).rejects.toMatchObject({ code: 'VERSION_UNKNOWN' });
  });

  it('does not return by the policy “auto” before a person has lifted the mark', async () => {
    const world = await rolledBack(aConfig({ approval: { mode: 'auto' } }));

    await expect(ask(world, 'promote', 2)).rejects.toMatchObject({
      code: 'APPROVAL_MISSING',
      hint: '/mlops unmark spam 2 <reason> says so.',
    });
    await world.pipeline.liftMark({ model: 'spam', version: 2, by: grace, reason: 'fine' });
    await ask(world, 'promote', 2);

    expect(await live(world)).toBe(2);
  });
});

describe('a rollback', () => {
  it('never goes forward: what is newer than production is a promotion', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    await world.deployed('second');
    await world.decide(await ask(world, 'promote', 1), grace);
    await world.advance(hour);

    expect((await world.pipeline.modelStatus('spam')).rollbackTo).toBeNull();
    await expect(ask(world, 'rollback', null)).rejects.toMatchObject({
      code: 'NOTHING_TO_ROLL_BACK',
    });
    await expect(ask(world, 'rollback', 2)).rejects.toMatchObject({
      message: 'spam v2 is newer than v1, which is in production.',
    });
  });

  it('passes over a version whose new promotion was rejected', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    await world.deployed('second');
    await world.deployed('third');
    await world.decide(await ask(world, 'promote', 2), grace, 'rejected');

    expect((await world.pipeline.modelStatus('spam')).rollbackTo).toBe(1);
    await expect(ask(world, 'rollback', 2)).rejects.toMatchObject({
      message: 'spam v2 was rejected (Grace: not today).',
    });
  });

  it('passes over a version that failed when it was promoted again', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    await world.deployed('second');
    await world.deployed('third');
    world.endpoints.answer((body) =>
      JSON.stringify([{ label: `not ${JSON.parse(body).inputs}`, score: 0.9 }]),
    );
    const promotion = await ask(world, 'promote', 2);
    await world.decide(promotion, grace);
    await world.advance(hour);

    expect(await live(world)).toBe(3);
    expect((await world.registry.get('spam', 2))?.rolledBackBy).toBe(promotion);
    expect((await world.pipeline.modelStatus('spam')).rollbackTo).toBe(1);
    await expect(ask(world, 'rollback', 2)).rejects.toMatchObject({
      message: expect.stringMatching(/^spam v2 was put back at/),
    });
  });

  it('that does not hold leaves no mark on what it took out, and one on its target', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    await world.deployed('second');
    const rollback = await ask(world, 'rollback', null);
    expect((await world.registry.get('spam', 2))?.rolledBackBy).toBe(rollback);

    world.endpoints.answer((body) =>
      JSON.stringify([{ label: `not ${JSON.parse(body).inputs}`, score: 0.9 }]),
    );
    await world.advance(hour);

    expect(await live(world)).toBe(2);
    expect((await world.registry.get('spam', 2))?.rolledBackBy).toBeNull();
    expect((await world.registry.get('spam', 1))?.rolledBackBy).toBe(rollback);
  });
});
