import { describe, expect, it, onTestFinished } from 'vitest';
import { stageOf } from '../../pipeline/core/run.ts';
import { grace } from '../flow/world.ts';
import { createAwsWorld, finishTraining } from './aws-world.ts';
import { isMotoInstalled, useMoto } from './moto.ts';
import { ServiceError } from './sagemaker-server/service-error.ts';

describe.skipIf(!isMotoInstalled)('the story over the AWS adapters', { timeout: 60_000 }, () => {
  const moto = useMoto();

  async function makeWorld(options: { listens?: boolean } = {}) {
    const world = await createAwsWorld(moto, options);
    onTestFinished(world.close);
    return world;
  }

  /** A world with version 1 in production. */
  async function withProduction() {
    const world = await makeWorld();
    const first = await world.drop('label,text\nspam,first\n');
    await world.approve(first, grace);
    await world.advance(3600);
    return { world, first };
  }

  it('takes a dropped file to production, once, though every event comes twice', async () => {
    const world = await makeWorld({ listens: true });

    const id = await world.drop('label,text\nspam,hello\n');
    const waiting = await world.run(id);
    await world.approve(id, grace);
    const deployed = await world.run(id);
    await world.advance(3600);

    expect(stageOf(waiting, 'approve')?.status).toBe('running');
    expect(deployed.deployment?.verifiedRows).toBe(2);
    const run = await world.run(id);
    expect(run).toMatchObject({ outcome: 'deployed', version: 1, failure: null });
    expect(run.artifact).toMatchObject({
      key: `runs/${id}/jobs/${id}-train-1/output/model.tar.gz`,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(run.dataset?.key).toBe(`datasets/spam/${run.dataset?.version}/mails.csv`);
    expect(world.server.endpoints.deploys).toEqual([`spam-v1-${id.slice(-8)}`]);
    expect(world.server.jobRequests()).toHaveLength(2);
    expect(await world.registry.get('spam', 1)).toMatchObject({
      approval: 'Approved',
      approvalNote: 'Grace',
    });
    const types = await world.published();
    for (const once of ['RunStarted', 'VersionRegistered', 'VersionDeployed', 'RunEnded']) {
      expect(types.filter((type) => type === once)).toEqual([once]);
    }
  });

  it('tells both interruptions of a training job and where it went on', async () => {
    const world = await makeWorld();
    world.play.train = async () => {};
    const id = await world.drop('label,text\nspam,hello\n');
    const job = world.server.job(`${id}-train-1`);
    const passes = (seconds: number) => world.advance(seconds);

    job.train();
    job.progress(40, 100);
    await passes(60);
    job.interrupt({ atStep: 42, says: true });
    await passes(120);
    job.resume(40);
    job.progress(70, 100);
    await passes(60);
    job.interrupt({ atStep: 70, says: false });
    await passes(30);
    const interrupted = await world.run(id);
    job.resume(60);
    await passes(10);
    job.progress(100, 100);
    await finishTraining(job);
    await world.settle();
    await world.approve(id, grace);
    await world.advance(3600);

    expect(interrupted.training).toMatchObject({ step: 70 });
    const run = await world.run(id);
    expect(run.outcome).toBe('deployed');
    expect(run.training?.interruptions).toMatchObject([
      { atStep: 42, resumedFromStep: 40 },
      { atStep: 70, resumedFromStep: 60 },
    ]);
    expect(await world.jobs.describe(job.name)).toMatchObject({
      runningSeconds: 130,
      waitingSeconds: 150,
    });
    expect(world.server.endpoints.deploys).toHaveLength(1);
  });

  it('trains on demand from the same checkpoints when no Spot capacity came', async () => {
    const world = await makeWorld();
    world.play.train = async (job) => {
      if (job.name.endsWith('-train-1')) return job.stop('MaxWaitTimeExceeded');
      job.resume(30);
      await finishTraining(job);
    };

    const id = await world.drop('label,text\nspam,hello\n');
    await world.approve(id, grace);
    await world.advance(3600);

    expect((await world.run(id)).outcome).toBe('deployed');
    const [first, second] = world.server.jobRequests();
    expect(first?.EnableManagedSpotTraining).toBe(true);
    expect(second).toMatchObject({
      TrainingJobName: `${id}-train-2`,
      EnableManagedSpotTraining: false,
      CheckpointConfig: first?.CheckpointConfig,
    });
    expect(second?.StoppingCondition).not.toHaveProperty('MaxWaitTimeInSeconds');
    expect(world.server.endpoints.deploys).toHaveLength(1);
  });

  it('says which quota a run hit, and starts nothing else', async () => {
    const world = await makeWorld();
    const message =
      "The account-level service limit 'ml.g4dn.xlarge for spot training job usage' is 0 Instances, " +
      'with current utilization of 0 Instances and a request delta of 1 Instances.';
    world.server.refuse('CreateTrainingJob', new ServiceError('ResourceLimitExceeded', message));

    const id = await world.drop('label,text\nspam,hello\n');

    const run = await world.run(id);
    expect(run).toMatchObject({ outcome: 'failed', failure: { code: 'QUOTA_EXCEEDED' } });
    expect(run.failure?.hint).toContain('“ml.g4dn.xlarge for spot training job usage”');
    expect(world.server.countOf('CreateTrainingJob')).toBe(1);
  });

  it('puts the previous version back when the new one answers differently', async () => {
    const { world, first } = await withProduction();
    const id = await world.drop('label,text\nspam,second\n');
    const before = `spam-v1-${first.slice(-8)}`;
    const after = `spam-v2-${id.slice(-8)}`;
    world.wrong.add(after);

    await world.approve(id, grace);
    await world.advance(3600);

    const run = await world.run(id);
    expect(run).toMatchObject({ outcome: 'failed', failure: { code: 'VERIFICATION_FAILED' } });
    expect(run.deployment?.revertReason).toContain('Recorded row 1');
    expect(world.server.endpoints.deploys).toEqual([before, after, before]);
    expect((await world.endpoints.describe('spam'))?.configName).toBe(before);
  });

  it('deploys no archive that was replaced in the bucket after the approval was asked for', async () => {
    const { world, first } = await withProduction();
    const id = await world.drop('label,text\nspam,second\n');
    const { artifact } = await world.run(id);
    await world.artifacts.put(artifact?.key ?? '', 'other bytes');

    await world.approve(id, grace);

    expect(await world.run(id)).toMatchObject({
      outcome: 'failed',
      failure: { code: 'ARCHIVE_CHANGED' },
      deployment: null,
    });
    expect(world.server.endpoints.deploys).toEqual([`spam-v1-${first.slice(-8)}`]);
  });

  it('notices an update that fell back without a word', async () => {
    const { world, first } = await withProduction();
    const id = await world.drop('label,text\nspam,second\n');
    const before = `spam-v1-${first.slice(-8)}`;
    const after = `spam-v2-${id.slice(-8)}`;
    world.server.failChange(after, { fails: 'The container did not start.', says: false });

    await world.approve(id, grace);
    await world.advance(3600);

    expect(await world.run(id)).toMatchObject({
      outcome: 'failed',
      failure: { code: 'DEPLOYMENT_FAILED' },
      deployment: { verifiedAt: null },
    });
    expect(world.server.endpoints.deploys).toEqual([before, after]);
    expect((await world.endpoints.describe('spam'))?.configName).toBe(before);
  });

  it('takes no approval from Studio, and deploys once after the one in Slack', async () => {
    const world = await makeWorld();
    const id = await world.drop('label,text\nspam,hello\n');

    world.server.packages.approveInStudio('spam', 1, 'looks good');
    await world.settle();
    const afterStudio = await world.run(id);
    const versionAfterStudio = await world.registry.get('spam', 1);
    await world.approve(id, grace);
    await world.advance(3600);

    expect(afterStudio).toMatchObject({ outcome: null, approval: { outcome: null } });
    expect(versionAfterStudio?.approval).toBe('PendingManualApproval');
    expect((await world.run(id)).outcome).toBe('deployed');
    expect((await world.registry.get('spam', 1))?.approval).toBe('Approved');
    expect(world.server.endpoints.deploys).toHaveLength(1);
  });

  it('comes through throttling', async () => {
    const world = await makeWorld();
    const throttled = new ServiceError('ThrottlingException', 'Rate exceeded');
    for (const action of ['CreateTrainingJob', 'CreateModelPackage', 'CreateEndpoint']) {
      world.server.refuse(action, throttled, 2);
    }

    const id = await world.drop('label,text\nspam,hello\n');
    await world.approve(id, grace);
    await world.advance(3600);

    expect((await world.run(id)).outcome).toBe('deployed');
    expect(world.server.jobRequests()).toHaveLength(2);
    expect(world.server.endpoints.deploys).toHaveLength(1);
  });
});
