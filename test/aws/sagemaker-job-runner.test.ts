import { S3Client } from '@aws-sdk/client-s3';
import {
  CreateTrainingJobCommand,
  DescribeTrainingJobCommand,
  ResourceInUse,
  ResourceLimitExceeded,
  SageMakerClient,
  SageMakerServiceException,
  StopTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { createSageMakerJobRunner } from '../../pipeline/aws/sagemaker-job-runner.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { aJobSpec } from '../fakes/samples.ts';

function makeRunner() {
  const sagemaker = mockClient(SageMakerClient);
  sagemaker.rejects(new Error('The test did not set this call.'));
  const runner = createSageMakerJobRunner({
    sagemaker: new SageMakerClient({ region: 'us-east-1' }),
    s3: new S3Client({ region: 'us-east-1' }),
    bucket: 'artifacts',
    roleArn: 'arn:aws:iam::123456789012:role/job',
    codePrefix: 'code/0123/',
    images: { train: (recipe) => `train/${recipe}`, evaluate: (recipe) => `serve/${recipe}` },
    tags: { stage: 'prod' },
    clock: createFakeClock(),
  });
  return { sagemaker, runner };
}

function refusal(name: string, message: string): SageMakerServiceException {
  return new SageMakerServiceException({ name, message, $fault: 'client', $metadata: {} });
}

const spec = aJobSpec({
  script: 'recipes/distilbert/train.py',
  channels: { train: 'runs/spam-aaaaaaaa/prepared/train.jsonl' },
  hyperparameters: { epochs: '3' },
});

describe('createSageMakerJobRunner', () => {
  it('asks for a managed Spot job that checkpoints and runs our script as process 1', async () => {
    const { sagemaker, runner } = makeRunner();
    sagemaker.on(CreateTrainingJobCommand).resolves({});

    await runner.start(spec);

    const [call] = sagemaker.commandCalls(CreateTrainingJobCommand);
    const { AlgorithmSpecification, ...request } = call?.args[0].input ?? {};
    expect(AlgorithmSpecification).toMatchObject({
      TrainingImage: 'train/tfidf',
      TrainingInputMode: 'File',
      ContainerEntrypoint: [
        'python3',
        '/opt/ml/input/data/code/run_script.py',
        'recipes/distilbert/train.py',
      ],
    });
    expect(request).toEqual({
      TrainingJobName: 'spam-aaaaaaaa-train-1',
      RoleArn: 'arn:aws:iam::123456789012:role/job',
      HyperParameters: { epochs: '3' },
      InputDataConfig: [
        channel('code', 's3://artifacts/code/0123/'),
        channel('train', 's3://artifacts/runs/spam-aaaaaaaa/prepared/train.jsonl'),
      ],
      OutputDataConfig: { S3OutputPath: 's3://artifacts/runs/spam-aaaaaaaa/jobs' },
      CheckpointConfig: {
        S3Uri: 's3://artifacts/checkpoints/spam-aaaaaaaa',
        LocalPath: '/opt/ml/checkpoints',
      },
      ResourceConfig: { InstanceType: 'ml.g4dn.xlarge', InstanceCount: 1, VolumeSizeInGB: 30 },
      EnableManagedSpotTraining: true,
      StoppingCondition: { MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 7200 },
      Environment: { PYTHONUNBUFFERED: '1', MLOPS_RUN: 'spam-aaaaaaaa', MLOPS_MODEL: 'spam' },
      Tags: [
        { Key: 'mlops-bot:stage', Value: 'prod' },
        { Key: 'mlops-bot:run', Value: 'spam-aaaaaaaa' },
        { Key: 'mlops-bot:model', Value: 'spam' },
        { Key: 'mlops-bot:kind', Value: 'train' },
      ],
    });
  });

  it('names the code by the prefix that its version of the pipeline is pinned to', async () => {
    const { runner } = makeRunner();

    expect(await runner.codeVersion()).toBe('0123');
  });

  it('evaluates in the inference image, without checkpoints', async () => {
    const { sagemaker, runner } = makeRunner();
    sagemaker.on(CreateTrainingJobCommand).resolves({});

    await runner.start({ ...spec, kind: 'evaluate', checkpointPrefix: null, spot: false });

    const input = sagemaker.commandCalls(CreateTrainingJobCommand)[0]?.args[0].input;
    expect(input?.AlgorithmSpecification?.TrainingImage).toBe('serve/tfidf');
    expect(input).not.toHaveProperty('CheckpointConfig');
    expect(input?.StoppingCondition).toEqual({ MaxRuntimeInSeconds: 3600 });
  });

  it('never waits for Spot for a shorter time than the job may run', async () => {
    const { sagemaker, runner } = makeRunner();
    sagemaker.on(CreateTrainingJobCommand).resolves({});

    await runner.start({ ...spec, maxRuntimeSeconds: 3600.4, maxWaitSeconds: 10 });

    const input = sagemaker.commandCalls(CreateTrainingJobCommand)[0]?.args[0].input;
    expect(input?.StoppingCondition).toEqual({
      MaxRuntimeInSeconds: 3601,
      MaxWaitTimeInSeconds: 3601,
    });
  });

  it('matches the progress lines of the scripts', async () => {
    const { sagemaker, runner } = makeRunner();
    sagemaker.on(CreateTrainingJobCommand).resolves({});
    // As json.dumps of training/job/events.py writes it.
    const line =
      '{"event": "progress", "step": 12, "total": 90, "epoch": 0.4, "loss": 1e-05, "samples_per_second": 31.2}';

    await runner.start(spec);

    const input = sagemaker.commandCalls(CreateTrainingJobCommand)[0]?.args[0].input;
    const metrics = input?.AlgorithmSpecification?.MetricDefinitions?.map(({ Name, Regex }) => [
      Name,
      new RegExp(Regex ?? '').exec(line)?.[1],
    ]);
    expect(metrics).toEqual([
      ['step', '12'],
      ['total', '90'],
      ['epoch', '0.4'],
      ['loss', '1e-05'],
      ['samples_per_second', '31.2'],
    ]);
  });

  it('takes a job of that name for the one it was to start', async () => {
    const { sagemaker, runner } = makeRunner();
    sagemaker
      .on(CreateTrainingJobCommand)
      .rejects(new ResourceInUse({ message: 'must be unique', $metadata: {} }));

    await expect(runner.start(spec)).resolves.toBeUndefined();
  });

  it.each([
    [
      "The account-level service limit 'ml.g4dn.xlarge for spot training job usage' is 0 Instances, with current utilization of 0 Instances.",
      'The AWS account may have 0 at a time of “ml.g4dn.xlarge for spot training job usage”.',
      /^Ask for “ml\.g4dn\.xlarge for spot training job usage” in Service Quotas/,
    ],
    [
      "The account-level service limit 'ml.g4dn.xlarge for spot training job usage' is 2 Instances, with current utilization of 2 Instances.",
      'The AWS account may have 2 at a time of “ml.g4dn.xlarge for spot training job usage”.',
      /^Wait until another job has ended/,
      true,
    ],
    [
      'Something in other words.',
      'The AWS account may have no more of “ml.g4dn.xlarge for spot training job usage”.',
      /^Ask for/,
    ],
  ])('names the quota of “%s”', async (text, message, hint, retryable = false) => {
    const { sagemaker, runner } = makeRunner();
    sagemaker
      .on(CreateTrainingJobCommand)
      .rejects(new ResourceLimitExceeded({ message: text, $metadata: {} }));

    await expect(runner.start(spec)).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
      retryable,
      message,
      hint: expect.stringMatching(hint),
    });
  });

  it('leaves throttling to the caller, and explains a refused request', async () => {
    const { sagemaker, runner } = makeRunner();
    const throttled = refusal('ThrottlingException', 'Rate exceeded');
    const invalid = refusal('ValidationException', 'Could not assume role');
    sagemaker.on(CreateTrainingJobCommand).rejectsOnce(throttled).rejectsOnce(invalid);

    await expect(runner.start(spec)).rejects.toBe(throttled);
    await expect(runner.start(spec)).rejects.toMatchObject({
      code: 'TRAINING_FAILED',
      message: 'SageMaker did not accept the job: Could not assume role',
    });
  });

  it('stops a job, and has nothing to stop when SageMaker says it has ended', async () => {
    const { sagemaker, runner } = makeRunner();
    const ended = refusal('ValidationException', 'the training job is in status Completed');
    const down = refusal('InternalFailure', 'down');
    sagemaker.on(StopTrainingJobCommand).rejectsOnce(ended).rejectsOnce(down);

    await expect(runner.stop('a')).resolves.toBeUndefined();
    await expect(runner.stop('a')).rejects.toBe(down);
  });

  it('does not take trouble for a missing job', async () => {
    const { sagemaker, runner } = makeRunner();
    const missing = refusal('ValidationException', 'Requested resource not found.');
    const denied = refusal('AccessDeniedException', 'not authorized');
    sagemaker.on(DescribeTrainingJobCommand).rejectsOnce(missing).rejectsOnce(denied);

    expect(await runner.describe('a')).toBeNull();
    await expect(runner.describe('a')).rejects.toBe(denied);
  });
});

function channel(name: string, uri: string) {
  return {
    ChannelName: name,
    InputMode: 'File',
    DataSource: {
      S3DataSource: {
        S3DataType: 'S3Prefix',
        S3Uri: uri,
        S3DataDistributionType: 'FullyReplicated',
      },
    },
  };
}
