import { describe, expect, it } from 'vitest';
import type { StartRun } from '../../pipeline/core/pipeline.ts';
import { trainingOutputs } from './job-outputs.ts';
import { aConfig, ada, createFlowWorld, type FlowWorld, grace } from './world.ts';

const hour = 3600;
let asked = 0;

type Retrain = Partial<Extract<StartRun, { kind: 'retrain' }>>;

async function retrain(world: FlowWorld, more: Retrain = {}) {
  const { run } = await world.pipeline.startRun({
    kind: 'retrain',
    requestId: `plain ${++asked}`,
    model: 'spam',
    requestedBy: ada,
    reason: null,
    dataset: null,
    hyperparameters: {},
    ...more,
  });
  await world.settle();
  return world.run(run.id);
}

describe('a retrain that names no dataset', () => {
  it.each([
    [
      'was blocked by the gate',
      async (world: FlowWorld) => {
        world.quality.candidate = 0.85;
        await world.retrain('bad');
        world.quality.candidate = 0.95;
      },
    ],
    [
      'was used by a run that was stopped',
      async (world: FlowWorld) => {
        world.jobs.plan(() => 'running');
        const id = await world.retrain('bad');
        await world.pipeline.stopRun({ runId: id, by: ada });
        await world.settle();
        world.jobs.plan(world.complete);
      },
    ],
    [
      'made a version that was rolled back',
      async (world: FlowWorld) => {
        await world.deployed('bad');
        await world.pipeline.startRun({
          kind: 'rollback',
          requestId: `back ${++asked}`,
          model: 'spam',
          version: null,
          requestedBy: grace,
          reason: null,
        });
        await world.settle();
        await world.advance(hour);
      },
    ],
  ])('passes over one that %s, and takes it when it is named', async (_, spoil) => {
    const world = createFlowWorld();
    await world.deployed('good');
    await spoil(world);
    const bad = (await world.pipeline.listRuns({ model: 'spam' })).find(
      ({ dataset }) => dataset?.version === 'bad',
    )?.dataset;

    const plain = await retrain(world);
    const named = await retrain(world, { dataset: bad ?? null });

    expect(plain.dataset?.version).toBe('good');
    expect(named.dataset?.version).toBe('bad');
  });

  it('takes one that was blocked with other settings and has passed once', async () => {
    const world = createFlowWorld();
    await world.deployed('good');
    world.quality.candidate = 0.85;
    await retrain(world, { hyperparameters: { epochs: '1' } });
    await retrain(world, { hyperparameters: { epochs: '2' } });
    world.quality.candidate = 0.95;

    expect((await retrain(world)).dataset?.version).toBe('good');
  });

  it('says what is wrong with the only one, and how to take it all the same', async () => {
    const world = createFlowWorld(aConfig({ gate: { minimum: 0.99 } }));
    await world.retrain('bad');

    await expect(retrain(world)).rejects.toMatchObject({
      code: 'DATASET_UNKNOWN',
      message:
        'The newest dataset of spam, mails.csv, was blocked by the gate, and there is no other.',
      hint: expect.stringContaining('/mlops retrain spam dataset=bad takes this one all the same.'),
    });
  });
});

/** Lets jobs tell the hyperparameters they used, as the Python ones do. */
function honestJobs(world: FlowWorld): void {
  world.jobs.plan((spec) => {
    const outcome = world.complete(spec);
    if (spec.kind !== 'train' || outcome.status !== 'Completed') return outcome;
    const metrics = JSON.parse(trainingOutputs()['metrics.json'] ?? '{}');
    const hyperparameters = {
      epochs: Number(spec.hyperparameters.epochs ?? 3),
      base_model: spec.hyperparameters.base_model ?? '',
    };
    return {
      ...outcome,
      outputs: { 'metrics.json': JSON.stringify({ ...metrics, hyperparameters }) },
    };
  });
}

async function deployedWith(world: FlowWorld, hyperparameters: Record<string, string>) {
  const dataset = { key: 'datasets/spam/d/a.csv', fileName: 'a.csv', version: 'dada', bytes: 9 };
  const run = await retrain(world, { dataset, hyperparameters });
  await world.decide(run.id, grace);
  await world.advance(hour);
}

const epochsOf = (world: FlowWorld) =>
  world.jobs.specs.filter(({ kind }) => kind === 'train').at(-1)?.hyperparameters.epochs;

describe('the hyperparameters of a retrain', () => {
  it('are those typed for the version in production, generation after generation', async () => {
    const world = createFlowWorld();
    honestJobs(world);
    await deployedWith(world, { epochs: '10' });
    await deployedWith(world, {});
    expect(epochsOf(world)).toBe('10');

    const run = await retrain(world);

    expect(epochsOf(world)).toBe('10');
    expect(run.settings).toEqual({
      against: 2,
      inherited: { epochs: 10 },
      configured: { epochs: null },
      changes: [],
    });
  });

  it('are the typed ones first, and every difference to production is recorded', async () => {
    const world = createFlowWorld();
    honestJobs(world);
    await deployedWith(world, { epochs: '10' });

    const run = await retrain(world, { hyperparameters: { epochs: '4' } });

    expect(epochsOf(world)).toBe('4');
    expect(run.settings).toMatchObject({
      inherited: {},
      changes: [{ name: 'epochs', from: '10', to: '4' }],
    });
  });

  it('are exactly those of the run that is repeated', async () => {
    const world = createFlowWorld();
    honestJobs(world);
    await deployedWith(world, { epochs: '10' });

    const run = await retrain(world, { inherits: false });

    expect(epochsOf(world)).toBeUndefined();
    expect(run.settings?.changes).toEqual([{ name: 'epochs', from: '10', to: '3' }]);
  });

  it('follow an edit of the configuration made since', async () => {
    const before = createFlowWorld();
    honestJobs(before);
    await deployedWith(before, { epochs: '10' });
    const maker = await before.run((await before.registry.get('spam', 1))?.runId ?? '');

    const world = createFlowWorld(aConfig({ hyperparameters: { epochs: 5 } }));
    honestJobs(world);
    await deployedWith(world, {});
    const own = await world.run((await world.registry.get('spam', 1))?.runId ?? '');
    await world.runs.replace({
      ...own,
      revision: own.revision + 1,
      hyperparameters: maker.hyperparameters,
      ...(maker.settings === undefined ? {} : { settings: maker.settings }),
    });
    await retrain(world);

    expect(epochsOf(world)).toBe('5');
  });
});
