import { describe, expect, it } from 'vitest';
import { liveVersion } from '../../pipeline/core/run.ts';
import { ada, createFlowWorld, grace } from './world.ts';

describe('the record of a run whose version was live', () => {
  async function withTwoVersions() {
    const world = createFlowWorld();
    const first = await world.deployed('first');
    const second = await world.retrain('second');
    await world.decide(second, grace);
    return { world, first, second };
  }

  it('says which version has replaced it, as soon as that one is verified', async () => {
    const { world, first, second } = await withTwoVersions();

    const run = await world.run(first);
    expect(run).toMatchObject({
      outcome: 'deployed',
      deployment: { replaced: { by: second, version: 2 } },
    });
    expect(liveVersion(run)).toBeNull();
    expect(liveVersion(await world.run(second))).toBe(2);
    expect(world.bus.types().filter((type) => type === 'DeploymentReplaced')).toHaveLength(1);
  });

  it('is live again when the other one is taken back in its bake window', async () => {
    const { world, first } = await withTwoVersions();

    world.endpoints.count('spam', 100, 30);
    await world.advance(180);

    expect(liveVersion(await world.run(first))).toBe(1);
  });

  it('stays replaced after a rollback, which is a run of its own', async () => {
    const { world, first, second } = await withTwoVersions();
    await world.advance(3600);

    const { run: rollback } = await world.pipeline.startRun({
      kind: 'rollback',
      requestId: 'back',
      model: 'spam',
      requestedBy: ada,
      reason: null,
      version: 1,
    });
    await world.settle();

    expect((await world.run(first)).deployment?.replaced?.by).toBe(second);
    expect((await world.run(second)).deployment?.replaced).toMatchObject({
      by: rollback.id,
      version: 1,
    });
    expect(liveVersion(await world.run(rollback.id))).toBe(1);
  });
});
