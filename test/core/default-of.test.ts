import { expect, it } from 'vitest';
import { defaultOf } from '../../pipeline/core/base-model.ts';
import type { HyperparameterSpec, Recipe } from '../../pipeline/core/python-contract.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { resolveSettings } from '../../pipeline/core/run-settings.ts';
import { sample } from '../bot/sample.ts';

const rate: HyperparameterSpec = {
  type: 'number',
  default: 0.002,
  defaultWithBaseModel: 0.00005,
  description: 'Learning rate.',
};
const baseModel: HyperparameterSpec = { type: 'string', default: '', description: 'Start.' };

it.each([
  [{}, 0.002],
  [{ base_model: '' }, 0.002],
  [{ base_model: 'base-models/tiny/' }, 0.00005],
])('the default of a setting with %j is %d', (values, expected) => {
  expect(defaultOf(rate, values)).toBe(expected);
});

it('a run that starts from a base model differs from production in the default too', () => {
  const run = sample('deployed');
  const trained = run.training?.metrics;
  if (run.training === null || trained === null || trained === undefined) {
    throw new Error('the sample has no training');
  }
  const hyperparameters = { base_model: '', learning_rate: 0.002 };
  const maker: Run = {
    ...run,
    training: { ...run.training, metrics: { ...trained, hyperparameters } },
  };
  const recipe: Recipe = {
    name: 'words',
    title: 'Words',
    description: 'A recipe of the tests.',
    task: 'text-classification',
    checkpoints: true,
    invocation: { contentType: 'application/json', example: { inputs: 'hello' } },
    hyperparameters: { base_model: baseModel, learning_rate: rate },
  };

  const { changes } = resolveSettings({
    recipe,
    configured: { base_model: 'base-models/tiny/' },
    run: { hyperparameters: {} },
    production: { version: 1, maker },
  });

  expect(changes).toEqual([
    { name: 'base_model', from: '', to: 'base-models/tiny/' },
    { name: 'learning_rate', from: '0.002', to: '0.00005' },
  ]);
});
