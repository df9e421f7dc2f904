import { describe, expect, it } from 'vitest';
import { aConfig, ada, createFlowWorld } from './world.ts';

/** A world in which Spot jobs get no machine by themselves. */
function worldWithoutSpot(overrides: Parameters<typeof aConfig>[0] = {}) {
  const world = createFlowWorld(aConfig(overrides));
  world.jobs.plan((spec) =>
    spec.spot && spec.kind === 'train' ? 'running' : world.complete(spec),
  );
  return world;
}

describe('a Spot job that waits for its machine', () => {
  it('is said to wait only once that is long', async () => {
    const world = worldWithoutSpot();
    const id = await world.retrain('waiting');

    await world.advance(10 * 60);
    expect((await world.run(id)).training?.waitsSince).toBeUndefined();
    await world.advance(10 * 60);
    const { training, stages } = await world.run(id);

    expect(training?.waitsSince).toBe(stages.find(({ name }) => name === 'train')?.startedAt);
    expect(world.bus.events.filter(({ type }) => type === 'CapacityDelayed')).toHaveLength(1);
  });

  it.each(['on-demand', 'fail'] as const)(
    'gives way to an on-demand job when a person asks (whenNoCapacity: %s)',
    async (whenNoCapacity) => {
      const world = worldWithoutSpot({ training: { whenNoCapacity } });
      const id = await world.retrain('switched');
      await world.advance(20 * 60);

      const result = await world.pipeline.switchToOnDemand({ runId: id, by: ada });
      await world.settle();

      const run = await world.run(id);
      expect(result.status).toBe('switching');
      expect(world.jobs.specs.filter(({ kind }) => kind === 'train')).toMatchObject([
        { name: `${id}-train-1`, spot: true },
        { name: `${id}-train-2`, spot: false, checkpointPrefix: `runs/${id}/checkpoints/` },
      ]);
      expect(run.training).toMatchObject({ spot: false });
      expect(run.approval).not.toBeNull();
    },
  );

  it('changes once, however often it is asked', async () => {
    const world = worldWithoutSpot();
    const id = await world.retrain('twice');

    await Promise.all([
      world.pipeline.switchToOnDemand({ runId: id, by: ada }),
      world.pipeline.switchToOnDemand({ runId: id, by: ada }),
    ]);
    await world.settle();

    expect(world.jobs.specs.filter(({ kind }) => kind === 'train')).toHaveLength(2);
  });

  it('is stopped for good when the run is stopped in the meantime', async () => {
    const world = worldWithoutSpot();
    const id = await world.retrain('stopped');

    await world.pipeline.stopRun({ runId: id, by: ada });
    const late = await world.pipeline.switchToOnDemand({ runId: id, by: ada });
    await world.settle();

    expect(late.status).toBe('too_late');
    expect((await world.run(id)).outcome).toBe('stopped');
    expect(world.jobs.specs).toHaveLength(1);
  });

  it('keeps its machine once it has one', async () => {
    const world = worldWithoutSpot();
    const id = await world.retrain('training');
    world.jobs.progress(`${id}-train-1`, 1, 100);
    await world.settle();

    const { status } = await world.pipeline.switchToOnDemand({ runId: id, by: ada });

    expect(status).toBe('too_late');
    expect(world.jobs.specs).toHaveLength(1);
  });
});
