import { describe, expect, it } from 'vitest';
import { modelHyperparameters } from '../../pipeline/core/model-config.ts';
import { aConfig } from '../flow/world.ts';

describe('training.baseModel', () => {
  it('is the base_model of every run of the model', () => {
    const config = aConfig({
      hyperparameters: { epochs: 2 },
      training: { baseModel: 'base-models/distilbert-base-uncased/' },
    });

    const spam = config.models.spam;

    expect(spam && modelHyperparameters(spam)).toEqual({
      epochs: 2,
      base_model: 'base-models/distilbert-base-uncased/',
    });
  });

  it.each([
    'distilbert-base-uncased',
    'base-models/',
    'base-models/tiny',
    'base-models/../runs/',
    'base-models//tiny/',
    's3://bucket/base-models/tiny/',
  ])('is refused as %j, by its path', (baseModel) => {
    expect(() => aConfig({ training: { baseModel } })).toThrow(
      /a folder such as base-models\/distilbert-base-uncased\/[\s\S]*models\.spam\.training\.baseModel/,
    );
  });

  it('is refused beside a base_model among the hyperparameters', () => {
    const both = {
      hyperparameters: { base_model: 'distilbert-base-uncased' },
      training: { baseModel: 'base-models/tiny/' },
    };

    expect(() => aConfig(both)).toThrow(/sets both training.baseModel and hyperparameters/);
  });
});
