import { describe, expect, it } from 'vitest';
import { aConfig, createFlowWorld } from './world.ts';

const instant = { recipe: 'instant' };

describe('a recipe without checkpoints', () => {
  it('is refused on Spot for longer than an hour, before a machine is paid', async () => {
    const world = createFlowWorld(aConfig({ ...instant, training: { maxRuntimeMinutes: 61 } }));

    const id = await world.retrain('long');

    expect(world.jobs.specs).toEqual([]);
    expect(await world.run(id)).toMatchObject({
      outcome: 'failed',
      failure: {
        code: 'CONFIG_INVALID',
        message:
          'models.spam.training.maxRuntimeMinutes is 61, but the recipe “instant” saves no checkpoints: on Spot, every interruption would start it over.',
        hint: 'Set training.spot to false, or training.maxRuntimeMinutes to at most 60, in mlops.config.ts.',
      },
    });
  });

  it.each([
    ['on Spot for an hour', { ...instant, training: { maxRuntimeMinutes: 60 } }],
    ['on demand for a day', { ...instant, training: { maxRuntimeMinutes: 1440, spot: false } }],
  ])('trains %s', async (_, overrides) => {
    const world = createFlowWorld(aConfig(overrides));

    await world.retrain('fine');

    expect(world.jobs.specs[0]).toMatchObject({ kind: 'train' });
  });

  it('is what it depends on: one that resumes trains on Spot for a day', async () => {
    const world = createFlowWorld(aConfig({ training: { maxRuntimeMinutes: 1440 } }));

    await world.retrain('resumable');

    expect(world.jobs.specs[0]).toMatchObject({ kind: 'train', spot: true });
  });
});
