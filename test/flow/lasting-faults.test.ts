import { describe, expect, it } from 'vitest';
import { MlopsError } from '../../pipeline/core/errors.ts';
import { repairRun } from '../../pipeline/flow/repair-run.ts';
import { openDatabase } from '../../pipeline/local/database.ts';
import { DAY, HOUR, longWorld, pace } from './long-wait-world.ts';
import { aConfig, ada, createFlowWorld, grace } from './world.ts';

describe('a step that fails for hours while a job is paid for', () => {
  it('ends the run with the reason, and stops the job first', async () => {
    const world = createFlowWorld();
    world.jobs.plan(() => 'running');
    const { start } = world.jobs;
    world.jobs.start = async (spec) => {
      await start(spec);
      throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
    };

    const id = await world.retrain('first');
    await world.advance(6 * HOUR);
    const after6Hours = await world.run(id);
    await world.advance(18 * HOUR);

    expect(after6Hours.outcome).toBeNull();
    const { failure, outcome } = await world.run(id);
    expect(outcome).toBe('failed');
    expect(failure?.code).toBe('DEPENDENCY_DOWN');
    expect(failure?.message).toContain('ThrottlingException');
    expect((await world.jobs.describe(`${id}-train-1`))?.status).toBe('Stopped');
    const entry = world.errors.at(-1);
    expect(entry).toMatchObject({ message: 'A stage failed.', runId: id });
  });

  it('names the reason alike when it is replayed', async () => {
    const world = createFlowWorld();
    world.jobs.plan(() => new MlopsError('CONFLICT', 'It is busy.', { retryable: true }));
    const { replace } = world.runs;
    const id = await world.retrain('first');
    // Only the end of the run cannot be written, so what is before it is replayed.
    world.runs.replace = async (run) => {
      if (run.outcome !== null) throw new Error('DynamoDB is down.');
      return replace(run);
    };
    await world.advance(17 * HOUR);
    world.runs.replace = replace;
    await world.restart();
    await world.advance(HOUR);

    expect((await world.run(id)).failure).toMatchObject({
      code: 'DEPENDENCY_DOWN',
      message: `It is busy. It stayed so for hours. The step was “start ${id}-train-1”.`,
    });
  });
});

describe('an execution that is cut off, and nothing reports it', () => {
  const cutOff = { error_type: 'ExecutionStopped' };

  async function withDeadExecution() {
    const database = openDatabase(':memory:');
    const world = createFlowWorld(aConfig(), { database });
    world.jobs.plan(() => 'running');
    const id = await world.retrain('first');
    const end = (name: string) =>
      database
        .prepare(
          "UPDATE durable_executions SET status = 'STOPPED', resume_at = NULL, error = ? WHERE name = ?",
        )
        .run(JSON.stringify(cutOff), name);
    return { world, id, end };
  }

  it('is found by the next look, which stops its job and ends the run', async () => {
    const { world, id, end } = await withDeadExecution();
    end(id);

    await repairRun(world, await world.run(id));
    await world.settle();

    expect((await world.run(id)).failure?.code).toBe('EXECUTION_LOST');
    expect((await world.jobs.describe(`${id}-train-1`))?.status).toBe('Stopped');
  });

  it('is found too when the execution that should have recovered it is cut off', async () => {
    const { world, id, end } = await withDeadExecution();
    end(id);
    const { describe: look } = world.jobs;
    world.jobs.describe = () => Promise.reject(new Error('SageMaker is down.'));
    await repairRun(world, await world.run(id)).catch(() => {});
    await world.settle();
    end(`${id}-recovery`);
    world.jobs.describe = look;

    await repairRun(world, await world.run(id));
    await world.settle();

    expect((await world.run(id)).failure?.code).toBe('EXECUTION_LOST');
    expect(await world.leases.acquire('spam', 'spam-aaaaaaaa')).toBe('spam-aaaaaaaa');
  });

  it('is left alone while it goes on', async () => {
    const { world, id } = await withDeadExecution();

    await repairRun(world, await world.run(id));
    await world.settle();

    expect((await world.run(id)).outcome).toBeNull();
    expect(await world.executions.isRunning(`${id}-recovery`)).toBeNull();
  });
});

describe('an evaluation without capacity', () => {
  const noSpot = (kind: string, spot: boolean) => kind === 'evaluate' && spot;

  async function evaluated(whenNoCapacity: 'on-demand' | 'fail') {
    const world = createFlowWorld(aConfig({ training: { whenNoCapacity } }));
    world.jobs.plan((spec) =>
      noSpot(spec.kind, spec.spot) ? { status: 'MaxWaitTimeExceeded' } : world.complete(spec),
    );
    const id = await world.retrain('first');
    return { world, id, run: await world.run(id) };
  }

  it('is made on an on-demand machine, so that the trained model is not lost', async () => {
    const { world, id, run } = await evaluated('on-demand');

    expect(run.approval).not.toBeNull();
    const [, , second] = world.jobs.specs;
    expect(second).toMatchObject({ name: `${id}-evaluate-2`, spot: false });
    expect(second?.maxWaitSeconds).toBe(second?.maxRuntimeSeconds);
  });

  it('fails by that name where the policy says so', async () => {
    const { world, run } = await evaluated('fail');

    expect(run.failure?.code).toBe('CAPACITY_UNAVAILABLE');
    expect(world.jobs.specs).toHaveLength(2);
  });
});

describe('a quota whose machines are busy', () => {
  const busy = () =>
    new MlopsError(
      'QUOTA_EXCEEDED',
      'The AWS account may have 1 at a time of “ml.g4dn.xlarge for spot training job usage”.',
      { retryable: true },
    );

  it('queues the job until one is free, and says so', async () => {
    const { world } = longWorld({}, { jobPoll: 900 });
    world.jobs.plan(busy);
    const id = await world.retrain('first');
    await world.advance(10 * HOUR);
    const queued = await world.run(id);

    world.jobs.plan(world.complete);
    await world.advance(HOUR);

    expect(queued.queuedJob).toMatchObject({
      jobName: `${id}-train-1`,
      reason: expect.stringContaining('ml.g4dn.xlarge'),
    });
    const run = await world.run(id);
    expect(run.approval).not.toBeNull();
    expect(run).not.toHaveProperty('queuedJob');
    expect(world.jobs.specs).toHaveLength(2);
    expect(world.bus.events.filter(({ type }) => type === 'JobQueued')).toHaveLength(2);
  });

  it('queues an evaluation too, in as many executions as it takes', async () => {
    const { world } = longWorld({}, { jobPoll: 900, mostOperations: 40 });
    world.jobs.plan((spec) => (spec.kind === 'train' ? world.complete(spec) : busy()));
    const id = await world.retrain('first');
    await world.advance(6 * HOUR);

    world.jobs.plan(world.complete);
    await world.advance(HOUR);

    const run = await world.run(id);
    expect(run.continuation?.stage).toBe('evaluate');
    expect(run.approval).not.toBeNull();
  });

  it('lets a queued run be stopped', async () => {
    const { world } = longWorld();
    world.jobs.plan(busy);
    const id = await world.retrain('first');

    await world.pipeline.stopRun({ runId: id, by: ada });
    await world.settle();

    expect((await world.run(id)).outcome).toBe('stopped');
    expect(world.jobs.specs).toEqual([]);
  });

  it('lets a queued run go to an on-demand machine', async () => {
    const { world } = longWorld();
    world.jobs.plan((spec) => (spec.kind === 'train' && spec.spot ? busy() : world.complete(spec)));
    const id = await world.retrain('first');

    await world.pipeline.switchToOnDemand({ runId: id, by: ada });
    await world.settle();

    expect((await world.run(id)).approval).not.toBeNull();
    expect(world.jobs.specs[0]).toMatchObject({ name: `${id}-train-2`, spot: false });
  });
});

describe('a run that lives longer than an execution may', () => {
  it('hands over by age: 28 days of training, then an approval of three weeks', async () => {
    const database = openDatabase(':memory:');
    const world = createFlowWorld(
      aConfig({
        training: { maxRuntimeMinutes: 40_320 },
        approval: { mode: 'people', approvers: ['U0GRACE'], expireAfterHours: 8_760 },
      }),
      { database, pace: { ...pace, jobPoll: DAY, mostSeconds: 15 * DAY } },
    );
    world.jobs.plan((spec) => (spec.kind === 'train' ? 'running' : world.complete(spec)));
    const id = await world.retrain('first');
    await world.advance(28 * DAY);
    const [train] = world.jobs.specs;
    if (train === undefined) throw new Error('There is no training job.');
    world.jobs.end(train.name, world.complete(train));
    await world.settle();
    await world.advance(21 * DAY);
    await world.decide(id, grace);
    await world.advance(HOUR);

    expect((await world.run(id)).outcome).toBe('deployed');
    expect(world.jobs.specs).toHaveLength(2);
    const ages = database
      .prepare('SELECT (ended_at - started_at) / 86400000.0 AS days FROM durable_executions')
      .all() as { days: number }[];
    expect(ages.length).toBeGreaterThan(2);
    expect(Math.max(...ages.map(({ days }) => days))).toBeLessThan(16);
  }, 60_000);
});
