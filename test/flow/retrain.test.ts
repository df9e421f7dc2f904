import { describe, expect, it } from 'vitest';
import { aPrepareReport } from '../fakes/samples.ts';
import { aConfig, ada, createFlowWorld, grace, linus } from './world.ts';

describe('a retrain', () => {
  it('goes from the dataset to production, once an approver agrees', async () => {
    const world = createFlowWorld();

    const id = await world.retrain('first');
    expect((await world.run(id)).approval?.outcome).toBeNull();
    await world.decide(id, grace);
    await world.advance(3600);

    const run = await world.run(id);
    expect(run.outcome).toBe('deployed');
    expect(run.stages.every((stage) => stage.status === 'succeeded')).toBe(true);
    expect(run.deployment).toMatchObject({ from: null, to: 1, verifiedRows: 2 });
    expect(world.endpoints.deployed.map((config) => config.version)).toEqual([1]);
    expect((await world.registry.get('spam', 1))?.approval).toBe('Approved');
  });

  it('says in its record and its version which code trained it, and which commit asked', async () => {
    const world = createFlowWorld();
    const code = await world.jobs.codeVersion();
    const fromCommit = await world.pipeline.startRun({
      kind: 'retrain',
      requestId: 'ci-4711',
      model: 'spam',
      requestedBy: { kind: 'system', name: 'ci' },
      reason: null,
      commit: '9fceb02d0ae5',
      dataset: { key: 'datasets/spam/1/a.csv', fileName: 'a.csv', version: '1', bytes: 1 },
      hyperparameters: {},
    });
    await world.settle();
    await world.retrain('from-slack');

    const run = await world.run(fromCommit.run.id);
    const versions = await world.registry.list('spam');
    expect(run).toMatchObject({ commit: '9fceb02d0ae5', training: { code } });
    expect(versions.map(({ source }) => source)).toEqual([
      { code, commit: null },
      { code, commit: '9fceb02d0ae5' },
    ]);
  });

  it('ends at invalid data before any job is started', async () => {
    const world = createFlowWorld();
    const error = {
      code: 'one_class',
      message: 'Only “ham”.',
      row: null,
      column: 'label',
      hint: 'Add spam.',
    };
    world.preparer.answer(aPrepareReport({ status: 'invalid', errors: [error] }));

    const id = await world.retrain('broken');

    const run = await world.run(id);
    expect(run).toMatchObject({
      outcome: 'failed',
      failure: { code: 'DATASET_INVALID', message: 'Only “ham”.', hint: 'Add spam.' },
    });
    expect(run.stages[0]?.status).toBe('failed');
    expect(world.jobs.specs).toEqual([]);
  });

  it('fails with the words of the training job', async () => {
    const world = createFlowWorld();
    world.jobs.plan(() => ({ status: 'Failed', reason: 'learning_rate must be positive.' }));

    const id = await world.retrain('bad');

    expect((await world.run(id)).failure).toMatchObject({
      code: 'TRAINING_FAILED',
      message: 'learning_rate must be positive.',
    });
  });

  it('falls back to an on-demand job on the same checkpoints when no capacity came', async () => {
    const world = createFlowWorld();
    world.jobs.plan((spec) =>
      spec.spot && spec.kind === 'train' ? { status: 'MaxWaitTimeExceeded' } : world.complete(spec),
    );

    const id = await world.retrain('waiting');

    const [spot, onDemand] = world.jobs.specs;
    expect(spot).toMatchObject({ name: `${id}-train-1`, spot: true });
    expect(onDemand).toMatchObject({
      name: `${id}-train-2`,
      spot: false,
      checkpointPrefix: spot?.checkpointPrefix,
    });
    expect((await world.run(id)).approval).not.toBeNull();
  });

  it('fails when no capacity came and the policy has no fall-back', async () => {
    const world = createFlowWorld(aConfig({ training: { whenNoCapacity: 'fail' } }));
    world.jobs.plan(() => ({ status: 'MaxWaitTimeExceeded' }));

    const id = await world.retrain('waiting');

    expect((await world.run(id)).failure?.code).toBe('CAPACITY_UNAVAILABLE');
    expect(world.jobs.specs).toHaveLength(1);
  });

  it.each([
    [true, false, [false, false]],
    [false, true, [true, true]],
    [true, null, [true, true]],
  ])('with spot %s in the configuration and %s in the request', async (spot, asked, expected) => {
    const world = createFlowWorld(aConfig({ training: { spot } }));

    await world.pipeline.startRun({
      kind: 'retrain',
      requestId: 'asked',
      model: 'spam',
      requestedBy: ada,
      reason: null,
      dataset: { key: 'datasets/spam/x/mails.csv', fileName: 'mails.csv', version: 'x', bytes: 9 },
      hyperparameters: {},
      spot: asked,
    });
    await world.settle();

    expect(world.jobs.specs.map((spec) => spec.spot)).toEqual(expected);
  });

  it('keeps what every job used, also of one that got no machine', async () => {
    const world = createFlowWorld();
    world.jobs.plan((spec) =>
      spec.spot && spec.kind === 'train' ? { status: 'MaxWaitTimeExceeded' } : world.complete(spec),
    );

    const id = await world.retrain('priced');

    const { usage } = await world.run(id);
    expect(usage).toMatchObject([
      { kind: 'train', jobName: `${id}-train-1`, spot: true, running: 0, billable: null },
      { kind: 'train', jobName: `${id}-train-2`, spot: false, running: 10 },
      { kind: 'evaluate', instanceType: 'ml.m5.large', running: 5 },
    ]);
  });

  it.each([
    [undefined, ['U0GRACE', 'U0LINUS']],
    [['S0LEADS'], ['S0LEADS']],
    [[], []],
  ])('with notify %j lets the same people approve', async (notify, expected) => {
    const approvers = ['U0GRACE', 'U0LINUS'];
    const policy = { mode: 'people' as const, approvers, ...(notify && { notify }) };
    const world = createFlowWorld(aConfig({ approval: policy }));

    const id = await world.retrain('asked');

    expect((await world.run(id)).approval).toMatchObject({ approvers, notify: expected });
    expect(await world.decide(id, linus)).toMatchObject({ status: 'counted' });
  });

  it('records interruptions and resumes of its training job', async () => {
    const world = createFlowWorld();
    world.jobs.plan(() => 'running');
    const id = await world.retrain('spotty');
    const job = `${id}-train-1`;

    world.jobs.progress(job, 40, 100);
    world.jobs.interrupt(job, 42);
    world.jobs.resume(job, 30);
    world.jobs.progress(job, 31, 100);
    await world.settle();

    const { training } = await world.run(id);
    expect(training?.interruptions).toMatchObject([{ atStep: 42, resumedFromStep: 30 }]);
    expect(training?.step).toBe(31);
  });

  it('is blocked by the gate when the candidate is worse, and production stays', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    world.quality.candidate = 0.85;

    const id = await world.retrain('worse');

    const run = await world.run(id);
    expect(run.outcome).toBe('blocked');
    expect(run.verdict?.outcome).toBe('fail');
    expect(run.version).toBeNull();
    expect(world.endpoints.deployed).toHaveLength(1);
  });

  it('goes on without people when the policy is "auto" and the gate passes', async () => {
    const world = createFlowWorld(aConfig({ approval: { mode: 'auto' } }));

    const id = await world.retrain('auto');
    await world.advance(3600);

    expect((await world.run(id)).outcome).toBe('deployed');
  });

  it('starts once for the same request', async () => {
    const world = createFlowWorld();

    const first = await world.retrain('same');
    const second = await world.retrain('same');

    expect(second).toBe(first);
    expect(world.jobs.specs.filter((spec) => spec.kind === 'train')).toHaveLength(1);
  });

  it('is superseded when production changed while it waited for people', async () => {
    const world = createFlowWorld();
    const slow = await world.retrain('slow');
    await world.deployed('quick');

    await world.decide(slow, grace);

    expect(await world.run(slow)).toMatchObject({
      outcome: 'superseded',
      failure: { code: 'PRODUCTION_CHANGED' },
    });
    expect(world.endpoints.deployed.map((config) => config.version)).toEqual([2]);
  });
});
