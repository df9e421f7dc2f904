// A model that is taken out of the configuration, retired and added again, under the roles of each
// deployment: what stays of it in AWS must stay within reach.
import { describe, expect, it } from 'vitest';
import { hasEnded } from '../../pipeline/core/run.ts';
import { grace } from '../flow/world.ts';
import { createAwsWorld } from './aws-world.ts';
import { useDurableRunner } from './lambda-server.ts';
import { isMotoInstalled, useMoto } from './moto.ts';

describe.skipIf(!isMotoInstalled)('a model that was removed', { timeout: 120_000 }, () => {
  const moto = useMoto();
  useDurableRunner();

  async function withProduction() {
    const world = await createAwsWorld(moto);
    const first = await world.drop('label,text\nspam,first\n');
    await world.approve(first, grace);
    await world.advance(3600);
    return { world, first };
  }
  type World = Awaited<ReturnType<typeof createAwsWorld>>;

  async function retire({ pipeline, settle }: World, requestId: string): Promise<string> {
    const { endpoint } = await pipeline.modelStanding('spam');
    const { run } = await pipeline.startRun({
      kind: 'retire',
      requestId,
      model: 'spam',
      configName: endpoint?.configName ?? null,
      requestedBy: grace,
      reason: 'replaced',
    });
    await settle();
    return run.id;
  }

  it('is retired while formerModels names it, and returns with its versions', async () => {
    const { world } = await withProduction();

    world.redeploy({ spam: false, formerModels: ['spam'] });
    const retirement = await retire(world, 'retire:1');
    const standing = await world.pipeline.modelStanding('spam');
    world.redeploy({ spam: true });
    const second = await world.drop('label,text\nspam,second\n');
    await world.approve(second, grace);
    await world.advance(3600);
    const back = await world.pipeline.modelStatus('spam');
    const again = await retire(world, 'retire:2');

    expect(await world.run(retirement)).toMatchObject({ outcome: 'retired', version: 1 });
    expect(standing).toMatchObject({ endpoint: null, production: null, retired: { by: grace } });
    expect(await world.run(second)).toMatchObject({ outcome: 'deployed', version: 2 });
    expect(back.production?.version.version).toBe(2);
    expect(await world.run(again)).toMatchObject({ outcome: 'retired', version: 2 });
    const versions = await world.registry.list('spam');
    expect(versions.map(({ version }) => version)).toEqual([2, 1]);
    expect(world.server.countOf('CreateModelPackageGroup')).toBe(1);
  });

  it('goes live again by a promotion of a version from before', async () => {
    const { world } = await withProduction();
    world.redeploy({ spam: false, formerModels: ['spam'] });
    await retire(world, 'retire:1');
    world.redeploy({ spam: true });

    const { run } = await world.pipeline.startRun({
      kind: 'promote',
      requestId: 'promote:1',
      model: 'spam',
      version: 1,
      requestedBy: grace,
      reason: null,
    });
    await world.settle();
    await world.advance(3600);
    const ada = { kind: 'person', id: 'U0LINUS', name: 'Linus' } as const;
    await world.approve(run.id, ada);
    await world.advance(3600);

    expect(await world.run(run.id)).toMatchObject({ outcome: 'deployed', version: 1 });
    expect((await world.pipeline.modelStatus('spam')).retired).toBeNull();
  });

  it('is out of reach without that, and the error names the setting', async () => {
    const { world } = await withProduction();
    world.redeploy({ spam: false });
    world.expectRefusals();

    await expect(world.pipeline.modelStanding('spam')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      hint: expect.stringContaining('formerModels'),
    });
    world.redeploy({ spam: false, formerModels: ['spam'] });

    expect((await world.pipeline.modelStanding('spam')).production?.version.version).toBe(1);
  });

  it('loses no job that was running when it was removed', async () => {
    const { world } = await withProduction();
    world.script.train = async () => {};
    const id = await world.drop('label,text\nspam,second\n');
    const job = world.server.job(`${id}-train-1`);
    job.train();

    world.redeploy({ spam: false, formerModels: ['spam'] });
    await world.pipeline.stopRun({ runId: id, by: grace });
    await world.settle();
    await world.advance(3600);

    expect(hasEnded(await world.run(id))).toBe(true);
    expect(await world.jobs.describe(job.name)).toMatchObject({ status: 'Stopped' });
  });
});
