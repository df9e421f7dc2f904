import { describe, expect, it } from 'vitest';
import { MlopsError } from '../../pipeline/core/errors.ts';
import { reconcileProduction } from '../../pipeline/flow/reconcile-production.ts';
import { createFlowWorld, grace } from './world.ts';

const busy = new MlopsError('CONFLICT', 'Too many requests.', { retryable: true });
const rightAnswer = (body: string) =>
  JSON.stringify([{ label: JSON.parse(body).inputs, score: 0.9 }]);
const wrongAnswer = () => JSON.stringify([{ label: 'ham', score: 0.9 }]);

async function liveVersion(world: ReturnType<typeof createFlowWorld>): Promise<number | null> {
  return (await world.pipeline.modelStatus('spam')).production?.version.version ?? null;
}

describe('a deployment that proves nothing', () => {
  it('puts the previous version back when the endpoint stays too busy to verify', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    const id = await world.retrain('second');
    world.endpoints.answer(() => busy);

    await world.decide(id, grace);
    await world.advance(3600);

    expect(await world.run(id)).toMatchObject({
      outcome: 'failed',
      failure: { code: 'VERIFICATION_FAILED' },
    });
    expect((await world.run(id)).deployment?.revertedAt).not.toBeNull();
    expect(await liveVersion(world)).toBe(1);
  });

  it('goes live when the endpoint is only busy for a while', async () => {
    const world = createFlowWorld();
    const id = await world.retrain('first');
    world.endpoints.answer(() => busy);
    await world.decide(id, grace);

    world.endpoints.answer(rightAnswer);
    await world.advance(3600);

    expect((await world.run(id)).outcome).toBe('deployed');
  });

  it('leaves nothing serving when it was the first', async () => {
    const world = createFlowWorld();
    const id = await world.retrain('first');
    world.endpoints.answer(wrongAnswer);

    await world.decide(id, grace);

    expect((await world.run(id)).outcome).toBe('failed');
    expect(await world.endpoints.describe('spam')).toBeNull();
    expect(await liveVersion(world)).toBeNull();
  });

  it('is not what the next candidate is compared with', async () => {
    const world = createFlowWorld();
    const rejected = await world.retrain('first');
    world.endpoints.answer(wrongAnswer);
    await world.decide(rejected, grace);
    world.endpoints.answer(rightAnswer);

    const next = await world.retrain('second');

    expect((await world.run(next)).evaluatedAgainst).toBeNull();
  });

  it('is undone when its bake window cannot be looked at any more', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    const id = await world.retrain('second');
    await world.decide(id, grace);
    world.endpoints.answer(() => busy);

    await world.advance(3 * 3600);

    expect((await world.run(id)).outcome).toBe('failed');
    expect(await liveVersion(world)).toBe(1);
  });

  it('is put back once the endpoint can be changed again, and asks for help until then', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    const id = await world.retrain('second');
    world.endpoints.answer((body, { version }) =>
      version === 2 ? wrongAnswer() : rightAnswer(body),
    );
    const { deploy } = world.endpoints;
    let isDown = false;
    world.endpoints.deploy = async (config) => {
      if (isDown) throw busy;
      await deploy(config);
      isDown = true;
    };

    await world.decide(id, grace);
    await world.advance(2 * 3600);
    const during = await world.run(id);
    isDown = false;
    await world.advance(3600);

    expect(during).toMatchObject({
      outcome: null,
      deployment: { revertedAt: null, putBackDelayed: { reason: 'Too many requests.' } },
    });
    expect((await world.run(id)).outcome).toBe('failed');
    expect(await liveVersion(world)).toBe(1);
  });

  it('keeps a reason of any length out of the record', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    const id = await world.retrain('second');
    world.endpoints.answer((body, { version }) =>
      version === 2
        ? new MlopsError('VERIFICATION_FAILED', 'x'.repeat(50_000_000))
        : rightAnswer(body),
    );

    await world.decide(id, grace);

    expect((await world.run(id)).failure?.message.length).toBeLessThan(2_000);
    expect(await liveVersion(world)).toBe(1);
  });
});

describe('a put-back that is overtaken by another deployment', () => {
  it('leaves what the other run has put live', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    const id = await world.retrain('second');
    world.endpoints.answer((body, { version }) =>
      version === 2 ? wrongAnswer() : rightAnswer(body),
    );
    const { deploy } = world.endpoints;
    let isDown = false;
    world.endpoints.deploy = async (config) => {
      if (isDown) throw busy;
      await deploy(config);
      isDown = true;
    };
    await world.decide(id, grace);
    const [config] = world.endpoints.deployed;
    if (config === undefined) throw new Error('Nothing was deployed.');

    await deploy({ ...config, configName: 'spam-v1-another0' });
    isDown = false;
    await world.advance(3600);

    expect((await world.endpoints.describe('spam'))?.configName).toBe('spam-v1-another0');
    expect((await world.run(id)).outcome).toBe('failed');
  });
});

describe('trouble that lasts', () => {
  it('at the job runner ends no run whose job goes on', async () => {
    const world = createFlowWorld();
    world.jobs.plan(() => 'running');
    const id = await world.retrain('first');
    const { describe: real } = world.jobs;
    world.jobs.describe = async () => {
      throw new Error('Rate exceeded');
    };
    await world.advance(2 * 3600);
    const during = await world.run(id);
    world.jobs.describe = real;
    await world.advance(3600);

    expect(during.outcome).toBeNull();
    expect((await world.run(id)).outcome).toBeNull();
    expect((await world.jobs.describe(world.jobs.specs[0]?.name ?? ''))?.status).toBe('InProgress');
  });
});

describe('a run whose execution is cut off', () => {
  it('is ended by its recovery: jobs stopped, the previous version back, the lease free', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    const id = await world.retrain('second');
    await world.decide(id, grace);
    expect(await liveVersion(world)).toBe(2);
    const { replace } = world.runs;
    const { start } = world.executions;
    // A defect in whatever ends the run, until its execution has failed.
    world.runs.replace = async (run) => {
      if (run.outcome === null && run.deployment?.revertedAt == null) return replace(run);
      throw new TypeError('cannot read properties of undefined');
    };
    world.executions.start = (execution) => {
      world.runs.replace = replace;
      return start(execution);
    };
    world.endpoints.count('spam', 100, 50);
    await world.advance(7200);

    expect(await world.run(id)).toMatchObject({
      outcome: 'failed',
      failure: { code: 'EXECUTION_LOST' },
    });
    expect(await liveVersion(world)).toBe(1);
    expect(await world.leases.acquire('spam', 'spam-next0000')).toBe('spam-next0000');
  });
});

describe('the reconciler', () => {
  it('has an unproven deployment of an ended run put back', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    const id = await world.retrain('second');
    await world.decide(id, grace);
    const run = await world.run(id);
    // As versions before this one left it: ended, and still serving.
    await world.runs.replace({
      ...run,
      revision: run.revision + 1,
      outcome: 'failed',
      endedAt: run.updatedAt,
    });

    const found = await reconcileProduction(world, 'spam');
    await world.settle();

    expect(found).toEqual({ kind: 'unproven', model: 'spam', runId: id });
    expect(await liveVersion(world)).toBe(1);
    expect(await reconcileProduction(world, 'spam')).toBeNull();
  });

  it('finds nothing when record and endpoint agree', async () => {
    const world = createFlowWorld();
    await world.deployed('first');

    expect(await reconcileProduction(world, 'spam')).toBeNull();
  });

  it('says that the endpoint was changed by hand, and leaves it', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    const [config] = world.endpoints.deployed;
    if (config === undefined) throw new Error('Nothing was deployed.');
    await world.endpoints.deploy({ ...config, configName: 'spam-v1-byhand00' });

    expect(await reconcileProduction(world, 'spam')).toEqual({
      kind: 'foreign',
      model: 'spam',
      configName: 'spam-v1-byhand00',
    });
  });
});
