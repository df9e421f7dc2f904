import { describe, expect, it } from 'vitest';
import { aConfig, createFlowWorld, grace } from './world.ts';

type World = ReturnType<typeof createFlowWorld>;

/** What is left when the process starts again without the model. */
async function withoutModel(prepare: (world: World) => Promise<string>) {
  const { models, ...others } = aConfig();
  const config = { ...others, models: { ...models } };
  const world = createFlowWorld(config);
  const id = await prepare(world);
  delete config.models.spam;
  await world.restart();
  await world.advance(3600);
  return { world, id };
}

describe('a model that is taken out of the configuration', () => {
  it('ends a run that waits for its training, and the job', async () => {
    const { world, id } = await withoutModel(async (before) => {
      before.jobs.plan(() => 'running');
      return before.retrain('first');
    });

    expect(await world.run(id)).toMatchObject({
      outcome: 'failed',
      failure: { code: 'MODEL_UNKNOWN' },
    });
    expect((await world.jobs.describe(`${id}-train-1`))?.status).toBe('Stopped');
  });

  it('puts back what was live before an unproven deployment, and frees the lease', async () => {
    const { world, id } = await withoutModel(async (before) => {
      await before.deployed('first');
      const second = await before.retrain('second');
      await before.decide(second, grace);
      return second;
    });

    expect((await world.run(id)).deployment?.revertedAt).not.toBeNull();
    expect((await world.endpoints.describe('spam'))?.configName).toContain('spam-v1-');
    expect(await world.leases.acquire('spam', 'the next run')).toBe('the next run');
  });

  it('ends a run that waits for people', async () => {
    const { world, id } = await withoutModel((before) => before.retrain('first'));

    expect((await world.run(id)).failure?.message).toContain('taken out of mlops.config.ts');
    expect((await world.decide(id, grace)).status).toBe('refused');
  });
});
