// A run through the deployed functions: a file in S3, the ingest function, the
// durable function on AWS's own test runner, SageMaker's events at the signals function. What is
// real and what stands in is said in `aws-world.ts` and `lambda-server.ts`. Where time passes, the
// clock of the test moves and a run whose wait is over is resumed; that a run goes on when the
// engine's own timeout ends a wait is a case of its own.
import { describe, expect, it } from 'vitest';
import { stageOf } from '../../pipeline/core/run.ts';
import { grace } from '../flow/world.ts';
import { type AwsWorldOptions, createAwsWorld } from './aws-world.ts';
import { finishTraining } from './job-scripts.ts';
import { useDurableRunner } from './lambda-server.ts';
import { isMotoInstalled, useMoto } from './moto.ts';
import { ServiceError } from './service-error.ts';

describe.skipIf(!isMotoInstalled)('a run on AWS', { timeout: 60_000 }, () => {
  const moto = useMoto();
  useDurableRunner();
  const makeWorld = (options?: AwsWorldOptions) => createAwsWorld(moto, options);

  /** A world with version 1 in production. */
  async function withProduction() {
    const world = await makeWorld();
    const first = await world.drop('label,text\nspam,first\n');
    await world.approve(first, grace);
    await world.advance(3600);
    return { world, first };
  }

  it('takes a dropped file to a served answer, once, though every event comes twice', async () => {
    const world = await makeWorld();

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
    expect(world.lambda.status(id)).toBe('SUCCEEDED');
    expect(world.server.jobRequests()).toHaveLength(2);
    expect(await world.registry.get('spam', 1)).toMatchObject({
      approval: 'Approved',
      approvalNote: 'Grace',
    });
    for (const once of ['RunStarted', 'VersionRegistered', 'VersionDeployed', 'RunEnded']) {
      expect(world.published.filter((type) => type === once)).toEqual([once]);
    }
    expect(await world.audit.list({})).toMatchObject([
      { from: 'inbox', action: 'retrain', model: 'spam', outcome: { kind: 'ok' } },
      { action: 'approve', model: 'spam', outcome: { kind: 'ok' } },
    ]);
    expect(world.server.endpoints.deploys).toEqual([`spam-v1-${id.slice(-8)}`]);
    const answer = await world.endpoints.invoke('spam', '{"inputs":"hi"}', 'application/json');
    expect(JSON.parse(answer)).toMatchObject([{ label: 'hi', by: `spam-v1-${id.slice(-8)}` }]);
  });

  it('records both interruptions of a training job and where it resumed', async () => {
    const world = await makeWorld();
    world.script.train = async () => {};
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
    world.script.train = async (job) => {
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

  it('queues a job behind a busy quota, and starts it when there is room', async () => {
    const world = await makeWorld();
    const message =
      "The account-level service limit 'ml.g4dn.xlarge for spot training job usage' is 1 Instances, " +
      'with current utilization of 1 Instances and a request delta of 1 Instances.';
    world.server.refuse('CreateTrainingJob', new ServiceError('ResourceLimitExceeded', message), 3);

    const id = await world.drop('label,text\nspam,hello\n');
    const queued = await world.run(id);
    await world.advance(3600);

    expect(queued.outcome).toBeNull();
    expect(queued.queuedJob?.reason).toContain('“ml.g4dn.xlarge for spot training job usage”');
    expect(stageOf(await world.run(id), 'approve')?.status).toBe('running');
    expect(world.server.jobRequests()).toHaveLength(2);
  });

  it('finds an execution that Lambda cut off, also when the event about it was lost', async () => {
    const world = await makeWorld();
    world.script.train = async () => {};
    const id = await world.drop('label,text\nspam,hello\n');
    world.listen(false);
    world.lambda.cutOff(id);
    await world.settle();
    world.listen(true);
    const lost = await world.run(id);

    await world.schedule('sweep');

    expect(lost.outcome).toBeNull();
    expect((await world.run(id)).failure?.code).toBe('EXECUTION_LOST');
    expect((await world.jobs.describe(`${id}-train-1`))?.status).toMatch(/^Stopp/);
    expect(world.lambda.status(`${id}-recovery`)).toBe('SUCCEEDED');
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

  it('deploys once, whatever is repeated', async () => {
    const world = await makeWorld();
    const id = await world.drop('label,text\nspam,hello\n');

    const again = await world.upload('label,text\nspam,hello\n');
    await world.schedule('sweep');
    await Promise.all([world.approve(id, grace), world.approve(id, grace)]);
    await world.schedule('sweep');
    await world.advance(3600);
    await world.approve(id, grace);
    const afterwards = await world.upload('label,text\nspam,hello\n');

    expect([again, afterwards]).toEqual([[], []]);
    expect(await world.runs.list({})).toHaveLength(1);
    expect((await world.run(id)).outcome).toBe('deployed');
    expect(world.server.jobRequests()).toHaveLength(2);
    expect(world.server.endpoints.deploys).toHaveLength(1);
  });

  it('goes on without events, when its wait times out', async () => {
    const world = await makeWorld({ pace: { jobPoll: 1 } });
    world.script.train = async () => {};
    const id = await world.drop('label,text\nspam,hello\n');
    const job = world.server.job(`${id}-train-1`);

    world.listen(false);
    job.train();
    await finishTraining(job);
    await world.lambda.timeout(id);
    world.listen(true);
    await world.settle();

    expect(stageOf(await world.run(id), 'approve')?.status).toBe('running');
    expect(world.server.jobRequests()).toHaveLength(2);
  });

  it('deploys nothing when no decision comes in time, and has reminded once', async () => {
    const world = await makeWorld();
    const id = await world.drop('label,text\nspam,hello\n');

    await world.advance(72 * 3600);

    expect(await world.run(id)).toMatchObject({
      outcome: 'expired',
      approval: { outcome: 'expired' },
    });
    expect(world.published.filter((type) => type === 'ApprovalReminded')).toHaveLength(1);
    expect(world.lambda.status(id)).toBe('SUCCEEDED');
    expect(world.server.endpoints.deploys).toEqual([]);
  });

  it('hints to the announcer what the inbox refuses and what a sweep finds open', async () => {
    const world = await makeWorld();

    const started = await world.upload('no table', 'mails.xlsx');
    const refused = await world.hints();
    const id = await world.drop('label,text\nspam,hello\n');
    await world.schedule('sweep');

    expect(started).toEqual([]);
    const refusal = { kind: 'file_ignored', fileName: 'mails.xlsx' };
    expect(refused).toMatchObject([refusal, refusal]);
    const open = { kind: 'run', runId: id, redraw: false };
    expect(await world.hints()).toEqual([open, open]);
  });

  it('takes an approval given in Studio by an approver, once, though every event comes twice', async () => {
    const world = await makeWorld();
    const id = await world.drop('label,text\nspam,hello\n');

    world.server.packages.approveInStudio('spam', 1, 'looks good', 'd-abc123def456/grace');
    await world.settle();
    await world.advance(3600);

    const run = await world.run(id);
    expect(run.outcome).toBe('deployed');
    expect(run.approval?.decisions).toMatchObject([
      { by: { id: 'U0GRACE', name: 'grace' }, reason: 'looks good', via: 'studio' },
    ]);
    expect(await world.registry.get('spam', 1)).toMatchObject({
      approval: 'Approved',
      approvalNote: 'grace: looks good',
    });
    const audited = await world.audit.list({ model: 'spam' });
    expect(audited.filter(({ from }) => from === 'studio')).toMatchObject([
      { action: 'approve', outcome: { kind: 'ok' } },
    ]);
    expect(world.server.endpoints.deploys).toHaveLength(1);
  });

  it('takes no approval from anybody else in Studio, and deploys once after the one in Slack', async () => {
    const world = await makeWorld();
    const id = await world.drop('label,text\nspam,hello\n');

    world.server.packages.approveInStudio('spam', 1, 'looks good', 'd-abc123def456/mallory');
    await world.settle();
    // What an approver changes of the version is no approval.
    world.server.packages.describeInStudio('spam', 1, 'd-abc123def456/grace');
    await world.settle();
    const afterStudio = await world.run(id);
    const versionAfterStudio = await world.registry.get('spam', 1);
    await world.approve(id, grace);
    await world.advance(3600);

    expect(afterStudio).toMatchObject({ outcome: null, approval: { decisions: [] } });
    expect(versionAfterStudio).toMatchObject({
      approval: 'PendingManualApproval',
      approvalNote: expect.stringContaining('d-abc123def456/mallory is not named there'),
    });
    expect((await world.run(id)).outcome).toBe('deployed');
    expect((await world.registry.get('spam', 1))?.approval).toBe('Approved');
    expect(world.server.endpoints.deploys).toHaveLength(1);
  });

  it('lets commands and the bot read and act under their own roles', async () => {
    const { world, first } = await withProduction();

    for (const service of ['slack', 'commands'] as const) {
      const { pipeline } = world.compose(service);
      const [status] = await pipeline.fleet();
      const versions = await pipeline.listVersions('spam');
      await pipeline.logs({ runId: first, lines: 5 });
      await pipeline.listRuns({});
      await pipeline.listAlerts({});
      await pipeline.audit.list({});
      const { run } = await pipeline.startRun({
        kind: 'retrain',
        model: 'spam',
        requestId: service,
        requestedBy: grace,
        reason: null,
        dataset: null,
        hyperparameters: {},
      });
      await pipeline.stopRun({ runId: run.id, by: grace });
      const until = '2100-01-01T00:00:00.000Z';
      await pipeline.mute({ model: 'spam', by: grace, until, reason: null });
      expect(await pipeline.listMutes()).not.toEqual([]);
      await pipeline.unmute({ model: 'spam', by: grace });
      await world.announcementsOf(service).send({ kind: 'run', runId: run.id, redraw: false });

      expect(status?.production?.version.version).toBe(1);
      expect(versions).toHaveLength(1);
    }
    await world.settle();
    const { pipeline: seen } = world.compose('announce');
    const runs = await seen.listRuns({});
    await seen.listAlerts({});
    expect((await seen.getRun(first))?.outcome).toBe('deployed');
    expect(runs).toHaveLength(3);
    await expect(seen.modelStatus('spam')).rejects.toThrow(/AWS refuses access/);
  });

  it('comes through throttling', async () => {
    const world = await makeWorld();
    const throttled = new ServiceError('ThrottlingException', 'Rate exceeded');
    for (const action of ['CreateTrainingJob', 'CreateEndpoint']) {
      world.server.refuse(action, throttled);
    }

    const id = await world.drop('label,text\nspam,hello\n');
    await world.approve(id, grace);
    await world.advance(3600);

    expect((await world.run(id)).outcome).toBe('deployed');
    expect(world.server.jobRequests()).toHaveLength(2);
    expect(world.server.endpoints.deploys).toHaveLength(1);
  });
});
