import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { expect, it } from 'vitest';
import { imageAddresses, recipeImages } from '../../infra/config/images.ts';
import { stages } from '../../infra/config/stages.ts';
import { EndpointRole } from '../../infra/permissions/endpoint-role.ts';

import { synthesize } from './synthesized.ts';

const own = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/words:3';
const images = {
  words: { training: 'pytorch-training:2.8.0-cpu', inference: own },
};

it("completes tags of AWS's containers with the Region and keeps full addresses", () => {
  expect(imageAddresses(images, 'training', 'eu-west-1')).toEqual({
    words: '763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.8.0-cpu',
  });
  expect(imageAddresses(images, 'inference', 'eu-west-1')).toEqual({ words: own });
});

it('takes images of scikit-learn from the registry of the Region, and says where it has none', () => {
  const images = { tabular: { training: 'sagemaker-scikit-learn:1.9-0', inference: own } };

  expect(imageAddresses(images, 'training', 'us-east-2')).toEqual({
    tabular: '257758044811.dkr.ecr.us-east-2.amazonaws.com/sagemaker-scikit-learn:1.9-0',
  });
  expect(() => imageAddresses(images, 'training', 'mx-central-1')).toThrow('mx-central-1');
});

it('lets the roles of SageMaker pull your own images', () => {
  const stack = new Stack(new App(), 'test', {
    env: { account: '111122223333', region: 'eu-west-1' },
  });

  new EndpointRole(stack, 'Endpoints', { bucket: new Bucket(stack, 'Files') as IBucket, images });

  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Sid: 'PullImages',
          Resource: Match.arrayWith([
            Match.objectLike({
              'Fn::Join': [
                '',
                Match.arrayWith([':ecr:eu-west-1:111122223333:repository/team/words']),
              ],
            }),
          ]),
        }),
      ]),
    },
  });
});

it('refuses to synthesise a model whose recipe has no images', () => {
  const { distilbert } = recipeImages;

  expect(() =>
    synthesize({ ...stages.production, images: { ...(distilbert && { distilbert }) } }),
  ).toThrow('no images for the recipe “tabular”');
});
