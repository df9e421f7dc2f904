import { describe } from 'vitest';
import { createAwsClients } from '../../pipeline/aws/clients.ts';
import { createSageMakerEndpointHost } from '../../pipeline/aws/sagemaker-endpoint-host.ts';
import { createSageMakerJobRunner } from '../../pipeline/aws/sagemaker-job-runner.ts';
import { createSageMakerModelRegistry } from '../../pipeline/aws/sagemaker-model-registry.ts';
import { isMotoInstalled, testCredentials, testRegion, useMoto } from '../aws/moto.ts';
import type { JobControl } from '../aws/sagemaker-server/training-jobs.ts';
import { createSageMakerServer } from '../aws/sagemaker-server.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { aScriptSpec } from '../local/job-runner-harness.ts';
import { describeEndpointHost, endpointName } from './endpoint-host.contract.ts';
import { describeJobRunner } from './job-runner.contract.ts';
import { describeModelRegistry } from './model-registry.contract.ts';

const roleArn = 'arn:aws:iam::123456789012:role/mlops';
const image = (recipe: string) => `registry/${recipe}:1`;

describe.skipIf(!isMotoInstalled)('SageMaker adapters over the test server', () => {
  const moto = useMoto();

  async function start(options: {
    script?: (job: JobControl) => void | Promise<void>;
    answer?: (configName: string, body: string) => string;
  }) {
    const clock = createFakeClock();
    const server = await createSageMakerServer({ clock, s3: moto.clients().s3, ...options });
    const clients = createAwsClients({
      region: testRegion,
      endpoint: server.endpoint,
      credentials: testCredentials,
    });
    return { clock, server, clients, bucket: await moto.bucket() };
  }

  describeJobRunner('SageMaker', async () => {
    const { clock, server, clients, bucket } = await start({ script: runScript });
    const runner = createSageMakerJobRunner({
      sagemaker: clients.sageMaker,
      s3: moto.clients().s3,
      cloudWatchLogs: server.logs,
      bucket,
      roleArn,
      codePrefix: 'code/0123/',
      images: { train: image, evaluate: image },
      tags: {},
      clock,
    });
    return {
      runner,
      spec: aScriptSpec,
      async until(name, isSo) {
        await server.idle();
        const job = await runner.describe(name);
        if (job === null || !isSo(job)) throw new Error(`It is not so: ${job?.secondaryStatus}`);
        return job;
      },
    };
  });

  describeModelRegistry('SageMaker', async () => {
    const { clients, bucket } = await start({});
    return createSageMakerModelRegistry({
      client: clients.sageMaker,
      bucket,
      groupName: (model) => model,
      tags: {},
      inferenceImage: image,
    });
  });

  describeEndpointHost('SageMaker', async () => {
    const { clock, server, clients, bucket } = await start({
      answer: (configName) => JSON.stringify({ answer: Number(/-v(\d+)-/.exec(configName)?.[1]) }),
    });
    const host = createSageMakerEndpointHost({
      sagemaker: clients.sageMaker,
      runtime: clients.sageMakerRuntime,
      cloudwatch: server.cloudWatch,
      logs: server.logs,
      logRetentionDays: 90,
      region: testRegion,
      roleArn,
      image,
      bucket,
      tags: {},
      clock,
      pause: () => server.idle(),
    });
    return {
      host,
      async config(version, loads = 'well') {
        const configName = `${endpointName}-v${version}-aaaaaaaa`;
        if (loads === 'not') {
          server.failChange(configName, { fails: 'The model cannot be loaded.', says: true });
        }
        return {
          endpointName,
          configName,
          model: endpointName,
          version,
          artifactKey: `models/v${version}/model.tar.gz`,
          recipe: 'tfidf',
          memoryMB: 2048,
          maxConcurrency: 2,
        };
      },
      async until(isSo) {
        await server.idle();
        const endpoint = await host.describe(endpointName);
        if (endpoint === null || !isSo(endpoint)) throw new Error(`Not so: ${endpoint?.status}`);
        return endpoint;
      },
    };
  });
});

/** What the fixture script `job.py` does, by its hyperparameter. */
async function runScript(job: JobControl): Promise<void> {
  job.train();
  job.print('loading');
  switch (job.request.HyperParameters?.behaviour) {
    case 'fails':
      return job.fail('The column “label” has one class only.');
    case 'endless':
      return job.progress(1, 1_000_000);
    default:
      job.progress(3, 3);
      await job.complete({
        model: { 'model.json': '{}' },
        output: { 'metrics.json': '{"steps":3}' },
      });
  }
}
