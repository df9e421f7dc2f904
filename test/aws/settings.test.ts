import { describe, expect, it } from 'vitest';
import { imageOf, parseAwsSettings } from '../../pipeline/aws/settings.ts';

const environment = {
  AWS_REGION: 'us-east-1',
  MLOPS_BUCKET: 'artifacts',
  MLOPS_TABLE: 'runs',
  MLOPS_EVENT_BUS: 'mlops',
  MLOPS_PIPELINE_FUNCTION: 'arn:aws:lambda:us-east-1:123456789012:function:pipeline:live',
  MLOPS_PREPARE_FUNCTION: 'prepare',
  MLOPS_JOB_ROLE: 'arn:aws:iam::123456789012:role/job',
  MLOPS_ENDPOINT_ROLE: 'arn:aws:iam::123456789012:role/endpoint',
  MLOPS_CODE_PREFIX: 'code/0123/',
  MLOPS_TRAINING_IMAGES: '{"distilbert":"train:1"}',
  MLOPS_INFERENCE_IMAGES: '{"distilbert":"serve:1"}',
  MLOPS_LONGEST_RUN_DAYS: '30',
};

describe('parseAwsSettings', () => {
  it('reads the environment of a function', () => {
    expect(parseAwsSettings({ ...environment, PATH: '/bin' })).toMatchObject({
      region: 'us-east-1',
      bucket: 'artifacts',
      pipelineFunction: environment.MLOPS_PIPELINE_FUNCTION,
      trainingImages: { distilbert: 'train:1' },
      longestRunSeconds: 2_592_000,
      tags: {},
    });
  });

  it.each([
    ['MLOPS_BUCKET', undefined],
    ['MLOPS_PIPELINE_FUNCTION', 'arn:aws:lambda:us-east-1:123456789012:function:pipeline'],
    ['MLOPS_CODE_PREFIX', 'code/0123'],
    ['MLOPS_TRAINING_IMAGES', '{'],
    ['MLOPS_INFERENCE_IMAGES', '{"distilbert":1}'],
  ])('names %s when it is %j', (name, value) => {
    expect(() => parseAwsSettings({ ...environment, [name]: value })).toThrow(name);
  });
});

describe('imageOf', () => {
  it('names the recipe that has no image', () => {
    expect(imageOf({ a: 'image' }, 'a', 'training')).toBe('image');
    expect(() => imageOf({ a: 'image' }, 'toString', 'training')).toThrow(
      'The recipe “toString” has no image for training.',
    );
  });
});
