import { describe, expect, it } from 'vitest';
import { findBaseModel } from '../../pipeline/flow/find-base-model.ts';
import { aConfig, ada, createFlowWorld, type FlowWorld } from './world.ts';

const prefix = 'base-models/tiny/';

function makeWorld() {
  return createFlowWorld(aConfig({ training: { baseModel: prefix } }));
}

async function withModel() {
  const world = makeWorld();
  await world.artifacts.put(`${prefix}config.json`, '{}');
  await world.artifacts.put(`${prefix}model.safetensors`, 'weights');
  return world;
}

async function retrain(world: FlowWorld, hyperparameters: Record<string, string>) {
  const { run } = await world.pipeline.startRun({
    kind: 'retrain',
    requestId: 'typed',
    model: 'spam',
    requestedBy: ada,
    reason: null,
    dataset: { key: 'datasets/spam/1/a.csv', fileName: 'a.csv', version: '1', bytes: 1 },
    hyperparameters,
  });
  await world.settle();
  return run.id;
}

describe('a pretrained base model', () => {
  it('is an input channel of the training, and of nothing else', async () => {
    const world = await withModel();

    await world.retrain('first');

    const [training, evaluation] = world.jobs.specs;
    expect(training?.channels.base_model).toBe(prefix);
    expect(training?.hyperparameters.base_model).toBe(prefix);
    expect(evaluation?.kind).toBe('evaluate');
    expect(evaluation?.channels).not.toHaveProperty('base_model');
  });

  it('is there for the on-demand job too', async () => {
    const world = await withModel();
    world.jobs.plan((spec) =>
      spec.name.endsWith('-train-1') ? { status: 'MaxWaitTimeExceeded' } : world.complete(spec),
    );

    await world.retrain('first');

    expect(world.jobs.specs[1]).toMatchObject({
      name: expect.stringMatching(/-train-2$/),
      channels: { base_model: prefix },
    });
  });

  it('that is not there ends the run before a job is paid, and says how to put it there', async () => {
    const world = makeWorld();

    const id = await world.retrain('first');

    expect(world.jobs.specs).toEqual([]);
    expect(await world.run(id)).toMatchObject({
      outcome: 'failed',
      failure: {
        code: 'BASE_MODEL_MISSING',
        message: 'There are no files in base-models/tiny/ (models.spam.training.baseModel).',
        hint: expect.stringContaining(
          'aws s3 cp --recursive <folder> s3://<bucket>/base-models/tiny/',
        ),
      },
    });
  });

  it.each([
    ['a model of the hub', { base_model: 'distilbert-base-uncased' }],
    ['none', { base_model: '' }],
  ])('gives way to %s given for the run', async (_, typed) => {
    const world = makeWorld();

    await retrain(world, typed);

    expect(world.jobs.specs[0]?.channels).not.toHaveProperty('base_model');
    expect(world.jobs.specs[0]?.hyperparameters).toMatchObject(typed);
  });

  it('may be another folder, typed for one run', async () => {
    const world = await withModel();
    await world.artifacts.put('base-models/other/config.json', '{}');

    await retrain(world, { base_model: 'base-models/other' });

    expect(world.jobs.specs[0]?.channels.base_model).toBe('base-models/other/');
  });

  it('is refused for a recipe that would not read it', async () => {
    const world = await withModel();
    const words = world.recipes.get('words');
    if (words === undefined) throw new Error('The recipe of the tests is “words”.');
    const recipes = new Map([['words', { ...words, hyperparameters: {} }]]);

    const found = findBaseModel({ ...world, recipes }, { model: 'spam', hyperparameters: {} });

    await expect(found).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('models.spam.training.baseModel is set'),
    });
  });
});
