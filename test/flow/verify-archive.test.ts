import { describe, expect, it } from 'vitest';
import { ada, createFlowWorld, grace } from './world.ts';

describe('the archive that goes live', () => {
  const archiveOf = (id: string) => `runs/${id}/jobs/model.tar.gz`;

  it('is the one that was approved: changed bytes end the run before the endpoint changes', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    const id = await world.retrain('second');
    await world.artifacts.put(archiveOf(id), 'other bytes');

    await world.decide(id, grace);

    const run = await world.run(id);
    expect(run).toMatchObject({
      outcome: 'failed',
      deployment: null,
      failure: {
        code: 'ARCHIVE_CHANGED',
        message: expect.stringContaining('The archive of version 2 is not the one'),
        hint: expect.stringContaining(archiveOf(id)),
      },
    });
    expect(world.endpoints.deployed).toHaveLength(1);
    expect((await world.pipeline.modelStatus('spam')).production?.version.version).toBe(1);
    await world.deployed('third');
    expect((await world.pipeline.modelStatus('spam')).production?.version.version).toBe(3);
  });

  it('is checked for a promotion too', async () => {
    const world = createFlowWorld();
    const first = await world.deployed('first');
    await world.deployed('second');
    await world.artifacts.put(archiveOf(first), 'other bytes');

    const { run } = await world.pipeline.startRun({
      kind: 'promote',
      requestId: 'older',
      model: 'spam',
      version: 1,
      requestedBy: ada,
      reason: null,
    });
    await world.settle();
    await world.decide(run.id, grace);

    expect((await world.run(run.id)).failure).toMatchObject({ code: 'ARCHIVE_CHANGED' });
    expect(world.endpoints.deployed).toHaveLength(2);
  });

  it('says of a rollback that the old archive is damaged and where else to go', async () => {
    const world = createFlowWorld();
    const first = await world.deployed('first');
    await world.deployed('second');
    await world.artifacts.put(archiveOf(first), '');

    const { run } = await world.pipeline.startRun({
      kind: 'rollback',
      requestId: 'back',
      model: 'spam',
      version: null,
      requestedBy: ada,
      reason: null,
    });
    await world.settle();

    expect(await world.run(run.id)).toMatchObject({
      outcome: 'failed',
      failure: {
        code: 'ARCHIVE_CHANGED',
        hint: expect.stringContaining('/mlops versions spam'),
      },
    });
    expect((await world.pipeline.modelStatus('spam')).production?.version.version).toBe(2);
  });
});
