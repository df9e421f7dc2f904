import { describe, expect, it } from 'vitest';
import { record } from '../../pipeline/flow/record.ts';
import { repairRun } from '../../pipeline/flow/repair-run.ts';
import { aConfig, createFlowWorld, grace } from './world.ts';

describe('a process that ends between a record and the resume that follows it', () => {
  it('leaves a decision that the next look carries out', async () => {
    const world = createFlowWorld(aConfig());
    const id = await world.retrain('decided');
    await record(world, {
      type: 'DecisionRecorded',
      runId: id,
      digest: (await world.run(id)).approval?.digest ?? '',
      decision: { by: grace, outcome: 'approved', reason: null, at: '2040-01-01T00:10:00.000Z' },
    });

    await repairRun(world, await world.run(id));
    await repairRun(world, await world.run(id));
    await world.settle();

    expect((await world.run(id)).deployment?.verifiedAt).not.toBeNull();
    expect(world.endpoints.deployed).toHaveLength(1);
  });

  it('leaves a wish to stop that the next look carries out', async () => {
    const world = createFlowWorld(aConfig());
    const id = await world.retrain('stopped');
    await record(world, { type: 'StopRequested', runId: id, by: grace });

    await repairRun(world, await world.run(id));
    await world.settle();

    expect((await world.run(id)).outcome).toBe('stopped');
  });
});

describe('a request that failed between the record of a run and its execution', () => {
  it('starts the execution when it is made again', async () => {
    const world = createFlowWorld();
    const { start } = world.executions;
    Object.assign(world.executions, {
      start: async () => {
        throw new Error('Rate exceeded');
      },
    });
    await expect(world.retrain('again')).rejects.toThrow('Rate exceeded');
    Object.assign(world.executions, { start });

    const id = await world.retrain('again');

    expect((await world.run(id)).approval).not.toBeNull();
  });
});
