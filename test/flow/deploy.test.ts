import { describe, expect, it } from 'vitest';
import { ada, createFlowWorld, grace, linus } from './world.ts';

describe('a deployment', () => {
  it('puts the previous configuration back when the endpoint answers otherwise than recorded', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    const id = await world.retrain('second');
    world.endpoints.answer((body, config) => {
      const label = config.version === 2 ? 'ham' : JSON.parse(body).inputs;
      return JSON.stringify([{ label, score: 0.9 }]);
    });

    await world.decide(id, grace);

    const run = await world.run(id);
    expect(run.outcome).toBe('failed');
    expect(run.failure).toMatchObject({ code: 'VERIFICATION_FAILED' });
    expect(run.deployment).toMatchObject({ from: 1, to: 2, verifiedAt: null });
    expect(run.deployment?.revertedAt).not.toBeNull();
    expect((await world.pipeline.modelStatus('spam')).production?.version.version).toBe(1);
  });

  it('is not recorded when the endpoint silently kept its old configuration', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    const id = await world.retrain('second');
    world.endpoints.behave({ fails: 'The container did not answer its ping.' });

    await world.decide(id, grace);

    expect(await world.run(id)).toMatchObject({
      outcome: 'failed',
      failure: { code: 'DEPLOYMENT_FAILED', message: 'The container did not answer its ping.' },
    });
    expect(world.bus.types().filter((type) => type === 'VersionDeployed')).toHaveLength(1);
  });

  it('is undone when too many requests fail in the bake window', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    const id = await world.retrain('second');
    await world.decide(id, grace);
    expect((await world.run(id)).deployment?.verifiedAt).not.toBeNull();

    world.endpoints.count('spam', 100, 30);
    await world.advance(180);

    const run = await world.run(id);
    expect(run.outcome).toBe('failed');
    expect(run.deployment?.revertReason).toBe(
      '30 of 100 requests failed with a server error (30 %); the limit is 5 %.',
    );
    expect((await world.pipeline.modelStatus('spam')).production?.version.version).toBe(1);
  });

  it('survives one failed request of 17, which are too few to judge', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    const id = await world.retrain('second');
    await world.decide(id, grace);

    world.endpoints.count('spam', 17, 1);
    await world.advance(3600);

    expect((await world.run(id)).outcome).toBe('deployed');
    expect((await world.pipeline.modelStatus('spam')).production?.version.version).toBe(2);
  });

  it('waits for another deployment of the same model', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    await world.deployed('second');
    world.endpoints.behave('waits');
    const promote = await world.pipeline.startRun({
      kind: 'promote',
      requestId: 'older',
      model: 'spam',
      version: 1,
      requestedBy: ada,
      reason: null,
    });
    await world.settle();
    await world.decide(promote.run.id, grace);
    const rollback = await world.pipeline.startRun({
      kind: 'rollback',
      requestId: 'back',
      model: 'spam',
      version: 1,
      requestedBy: grace,
      reason: null,
    });
    await world.settle();

    expect((await world.run(rollback.run.id)).waitingFor).toBe(promote.run.id);
    expect(world.endpoints.deployed).toHaveLength(3);

    world.endpoints.behave('settles');
    world.endpoints.settle('spam');
    await world.advance(60);
    expect((await world.run(rollback.run.id)).waitingFor).toBeNull();
    await world.advance(3600);
    expect((await world.run(rollback.run.id)).outcome).toBe('rolled_back');
  });

  it('happens once although every event comes twice', async () => {
    const world = createFlowWorld();
    const id = await world.retrain('first');

    await Promise.all([world.decide(id, grace), world.decide(id, grace), world.decide(id, linus)]);
    await world.advance(3600);

    expect((await world.run(id)).outcome).toBe('deployed');
    expect(world.endpoints.deployed).toHaveLength(1);
    const types = world.bus.types();
    expect(types.filter((type) => type === 'VersionDeployed')).toHaveLength(1);
    expect(types.filter((type) => type === 'RunEnded')).toHaveLength(1);
  });
});

describe('a promotion', () => {
  it('asks for a new approval and deploys the registered version', async () => {
    const world = createFlowWorld();
    const rejected = await world.retrain('first');
    await world.decide(rejected, grace, 'rejected');

    const { run } = await world.pipeline.startRun({
      kind: 'promote',
      requestId: 'later',
      model: 'spam',
      version: 1,
      requestedBy: ada,
      reason: null,
    });
    await world.settle();
    await world.decide(run.id, grace);
    await world.advance(3600);

    expect(await world.run(run.id)).toMatchObject({ outcome: 'deployed', version: 1 });
    expect((await world.registry.get('spam', 1))?.approval).toBe('Approved');
  });

  it('of an unknown version is refused with the versions there are', async () => {
    const world = createFlowWorld();
    await world.deployed('first');

    const promise = world.pipeline.startRun({
      kind: 'promote',
      requestId: 'nine',
      model: 'spam',
      version: 9,
      requestedBy: ada,
      reason: null,
    });

    await expect(promise).rejects.toMatchObject({ code: 'VERSION_UNKNOWN', hint: 'It has: 1.' });
  });
});

describe('the bake window', () => {
  it('is not over while the live model is only loading again', async () => {
    const world = createFlowWorld();
    const id = await world.retrain('first');
    await world.decide(id, grace);

    world.endpoints.change('spam', { status: 'Updating' });
    await world.advance(3600);
    expect((await world.run(id)).outcome).toBeNull();
    world.endpoints.change('spam', { status: 'InService' });
    await world.advance(3600);

    expect((await world.run(id)).outcome).toBe('deployed');
  });

  it('takes back a version whose endpoint gave up', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    const id = await world.retrain('second');
    await world.decide(id, grace);

    world.endpoints.change('spam', { status: 'Failed', failureReason: 'It crashed five times.' });
    await world.advance(180);

    expect(await world.run(id)).toMatchObject({
      outcome: 'failed',
      deployment: { revertReason: 'It crashed five times.' },
    });
  });
});
