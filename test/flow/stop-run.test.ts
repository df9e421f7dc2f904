import { describe, expect, it } from 'vitest';
import { ada, createFlowWorld, grace } from './world.ts';

describe('stopping', () => {
  it('stops the training job and ends the run', async () => {
    const world = createFlowWorld();
    world.jobs.plan(() => 'running');
    const id = await world.retrain('first');

    const result = await world.pipeline.stopRun({ runId: id, by: ada });
    await world.settle();

    expect(result.status).toBe('stopping');
    expect((await world.run(id)).outcome).toBe('stopped');
    expect((await world.jobs.describe(`${id}-train-1`))?.status).toBe('Stopped');
  });

  it('ends a run that waits for people', async () => {
    const world = createFlowWorld();
    const id = await world.retrain('first');

    await world.pipeline.stopRun({ runId: id, by: ada });
    await world.settle();

    expect((await world.run(id)).outcome).toBe('stopped');
    expect((await world.decide(id, grace)).status).toBe('refused');
  });

  it('is too late once the endpoint is being changed', async () => {
    const world = createFlowWorld();
    world.endpoints.behave('waits');
    const id = await world.retrain('first');
    await world.decide(id, grace);

    expect((await world.pipeline.stopRun({ runId: id, by: ada })).status).toBe('too_late');
  });
});
