import { describe, expect, it } from 'vitest';
import { aConfig, createFlowWorld, grace } from './world.ts';

/** What is left when the process starts again with another answer to missing Spot capacity. */
async function withPolicies(kind: 'train' | 'evaluate') {
  const { models, ...others } = aConfig({ training: { whenNoCapacity: 'on-demand' } });
  const config = { ...others, models: { ...models } };
  const world = createFlowWorld(config);
  world.jobs.plan((spec) =>
    spec.kind === kind && spec.spot ? { status: 'MaxWaitTimeExceeded' } : world.complete(spec),
  );
  const id = await world.retrain('first');
  await world.advance(3600);
  Object.assign(config.models, aConfig({ training: { whenNoCapacity: 'fail' } }).models);
  await world.restart();
  return { world, id };
}

describe('a run that waits for people while the configuration changes', () => {
  it.each(['train', 'evaluate'] as const)(
    'follows its own history: on demand to %s',
    async (kind) => {
      const { world, id } = await withPolicies(kind);

      await world.decide(id, grace);
      await world.advance(3600);

      expect((await world.run(id)).outcome).toBe('deployed');
      expect(world.jobs.specs.filter((spec) => spec.kind === kind)).toHaveLength(2);
    },
  );
});
