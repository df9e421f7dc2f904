import { describe, expect, it } from 'vitest';
import { recoveryOf } from '../../pipeline/core/names.ts';
import { reconcileProduction } from '../../pipeline/flow/reconcile-production.ts';
import { anAlert } from '../fakes/alert-samples.ts';
import { aConfig, ada, createFlowWorld, type FlowWorld, grace } from './world.ts';

async function request(world: FlowWorld, requestId = 'retire:1') {
  const configName = (await world.endpoints.describe('spam'))?.configName ?? null;
  const { run } = await world.pipeline.startRun({
    kind: 'retire',
    requestId,
    model: 'spam',
    requestedBy: grace,
    reason: 'too costly',
    configName,
  });
  return run.id;
}

async function retire(world: FlowWorld, requestId?: string) {
  const id = await request(world, requestId);
  await world.settle();
  return id;
}

describe('a retirement', () => {
  it('removes the endpoint, says who did it and why, and keeps the versions', async () => {
    const world = createFlowWorld();
    const live = await world.deployed('first');

    const id = await retire(world);

    expect(await world.run(id)).toMatchObject({ kind: 'retire', outcome: 'retired', version: 1 });
    expect(await world.endpoints.describe('spam')).toBeNull();
    expect(await world.registry.list('spam')).toHaveLength(1);
    const retired = { runId: id, by: grace, reason: 'too costly' };
    expect((await world.run(live)).deployment?.retired).toMatchObject(retired);
    const status = await world.pipeline.modelStatus('spam');
    expect(status).toMatchObject({ production: null, endpoint: null, retired });
  });

  it('is not undone by the next check of endpoints and records', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    await retire(world);

    expect(await reconcileProduction(world, 'spam')).toBeNull();
    await world.restart();
    await world.advance(3600);

    expect(await world.endpoints.describe('spam')).toBeNull();
    expect(await world.leases.acquire('spam', 'the next run')).toBe('the next run');
  });

  it('ends the open alerts of the model', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    await world.alerts.create(anAlert());

    await retire(world);

    expect(await world.alerts.list({ model: 'spam', open: true })).toEqual([]);
    expect(await world.alerts.latest('spam', 'metric')).toMatchObject({ status: 'retired' });
    expect(world.bus.events.map(({ type }) => type)).toContain('RegressionRetired');
  });

  it('is refused while a run of the model is active, and names it', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    const waiting = await world.retrain('second');

    await expect(retire(world)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: `A run of spam is active: ${waiting}.`,
    });
    expect((await world.endpoints.describe('spam'))?.status).toBe('InService');
  });

  it('changes nothing when a run began while it waited for the lease', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    world.jobs.plan(() => 'running');
    const [id] = await Promise.all([request(world), world.retrain('second')]);
    await world.settle();

    expect(await world.run(id)).toMatchObject({ outcome: 'failed', failure: { code: 'CONFLICT' } });
    expect((await world.endpoints.describe('spam'))?.status).toBe('InService');
  });

  it('refuses when something else is live than was asked about, or nothing', async () => {
    const world = createFlowWorld();
    const ask = (configName: string) =>
      world.pipeline.startRun({
        kind: 'retire',
        requestId: configName,
        model: 'spam',
        requestedBy: grace,
        reason: 'too costly',
        configName,
      });
    await expect(ask('spam-v1-aaaaaaaa')).rejects.toMatchObject({ code: 'CONFLICT' });
    await world.deployed('first');

    await expect(ask('spam-v2-aaaaaaaa')).rejects.toMatchObject({
      message: 'Something else of spam is live now.',
    });
  });

  it('finishes what an execution that was cut off has begun', async () => {
    const world = createFlowWorld();
    const live = await world.deployed('first');
    const { start } = world.executions;
    world.executions.start = async () => {};
    const id = await request(world);
    world.executions.start = start;
    await world.endpoints.remove('spam');
    await world.executions.start({ name: recoveryOf(id), input: { runId: id, isRecovery: true } });
    await world.settle();

    expect((await world.run(id)).outcome).toBe('retired');
    expect((await world.run(live)).deployment?.retired?.runId).toBe(id);
  });

  it('works for a model that was taken out of the configuration', async () => {
    const { models, ...others } = aConfig();
    const config = { ...others, models: { ...models } };
    const world = createFlowWorld(config);
    await world.deployed('first');
    delete config.models.spam;
    expect((await world.pipeline.modelStanding('spam')).endpoint?.status).toBe('InService');

    const id = await retire(world);

    expect((await world.run(id)).outcome).toBe('retired');
    expect(await world.endpoints.describe('spam')).toBeNull();
    expect((await world.pipeline.modelStanding('spam')).retired?.by).toEqual(grace);
    await expect(world.pipeline.modelStanding('never')).rejects.toMatchObject({
      code: 'MODEL_UNKNOWN',
    });
  });

  it('is over with a promotion that people approve, and can be repeated after it', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    const first = await retire(world);
    const { run } = await world.pipeline.startRun({
      kind: 'promote',
      requestId: 'back',
      model: 'spam',
      requestedBy: ada,
      reason: null,
      version: 1,
    });
    await world.settle();
    await world.decide(run.id, grace);
    await world.advance(3600);

    const back = await world.pipeline.modelStatus('spam');
    expect(back).toMatchObject({ production: { version: { version: 1 } }, retired: null });
    const second = await retire(world, 'retire:2');
    expect((await world.pipeline.modelStatus('spam')).retired?.runId).toBe(second);
    expect(second).not.toBe(first);
  });
});
