import type { S3Client } from '@aws-sdk/client-s3';
import {
  CreateTrainingJobCommand,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobResponse,
  type SageMakerClient,
  StopTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import { MlopsError } from '../core/errors.ts';
import type { Clock, JobDescription, JobRunner, JobSpec } from '../core/ports.ts';
import { errorMessage, isAlreadyThere, isNotFound, isOneOf } from './aws-errors.ts';
import { describeJob } from './job-runner/describe-job.ts';
import { createJobFiles } from './job-runner/job-files.ts';
import {
  type CloudWatchLogsReader,
  createCloudWatchJobLogs,
  noJobLogs,
} from './job-runner/job-logs.ts';
import { type TrainingSettings, toTrainingRequest } from './job-runner/training-request.ts';
import { createS3ArtifactStore } from './s3-artifact-store.ts';

export interface SageMakerJobRunnerOptions extends TrainingSettings {
  readonly sagemaker: SageMakerClient;
  readonly s3: S3Client;
  /** Steps, log lines and where training was resumed come from here. */
  readonly cloudWatchLogs?: CloudWatchLogsReader;
  readonly clock: Clock;
}

/**
 * {@link JobRunner} on SageMaker training jobs, for training and evaluation alike: evaluation too
 * gets the Spot price and the events. The job name is the idempotency key. Errors that SageMaker
 * may not repeat (throttling, its own trouble) are thrown as they are, for the caller to retry.
 */
export function createSageMakerJobRunner(options: SageMakerJobRunnerOptions): JobRunner {
  const { sagemaker, s3, bucket, clock } = options;
  const files = createJobFiles({
    client: s3,
    bucket,
    artifacts: createS3ArtifactStore({ client: s3, bucket }),
  });
  const logs =
    options.cloudWatchLogs === undefined
      ? noJobLogs
      : createCloudWatchJobLogs({ client: options.cloudWatchLogs });

  async function find(name: string): Promise<DescribeTrainingJobResponse | null> {
    try {
      return await sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
    } catch (error) {
      if (isNotFound(error)) return null;
      throw error;
    }
  }

  return {
    codeVersion: async () => codeVersionOf(options.codePrefix),
    async start(spec) {
      try {
        await sagemaker.send(new CreateTrainingJobCommand(toTrainingRequest(spec, options)));
      } catch (error) {
        if (isAlreadyThere(error)) return;
        throw toStartError(spec, error);
      }
    },
    async describe(name) {
      const job = await find(name);
      if (job === null) return null;
      const description = await describeJob(job, logs, clock.now());
      const key = hasModel(name, description) ? toKey(job, 'model.tar.gz') : null;
      return { ...description, modelArtifact: key === null ? null : await files.digest(key) };
    },
    async stop(name) {
      try {
        await sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: name }));
      } catch (error) {
        // A job that is unknown or has ended is refused as invalid.
        if (!isNotFound(error) && !isOneOf(error, 'ValidationException')) throw error;
      }
    },
    async output(name, fileName) {
      const job = await find(name);
      const key = job && toKey(job, 'output.tar.gz');
      return key === null ? null : files.unpack(key, fileName);
    },
    async logs(name, lines) {
      return (await logs.tail(name, lines)).map(({ text }) => text);
    },
  };
}

/** `code/<hash>/` → the hash. */
function codeVersionOf(codePrefix: string): string {
  return codePrefix.split('/').at(-2) ?? codePrefix;
}

/** An evaluation publishes none, so that nothing needs to be looked for. */
function hasModel(name: string, { status }: Pick<JobDescription, 'status'>): boolean {
  return status === 'Completed' && !/-evaluate-\d+$/.test(name);
}

/** `{S3OutputPath}/{job}/output/{file}` as a key of the bucket. */
function toKey(job: DescribeTrainingJobResponse, file: string): string | null {
  const path = /^s3:\/\/[^/]+\/(.+?)\/?$/.exec(job.OutputDataConfig?.S3OutputPath ?? '')?.[1];
  return path === undefined ? null : `${path}/${job.TrainingJobName}/output/${file}`;
}

function toStartError(spec: JobSpec, error: unknown): unknown {
  if (isOneOf(error, 'ResourceLimitExceeded')) return quotaExceeded(spec, error);
  if (!isOneOf(error, 'ValidationException', 'ResourceNotFound')) return error;
  return new MlopsError(
    spec.kind === 'train' ? 'TRAINING_FAILED' : 'EVALUATION_FAILED',
    `SageMaker did not accept the job: ${errorMessage(error).slice(0, 300)}`,
    { hint: 'Correct the settings of the model or of the stack.', cause: error },
  );
}

/** "The account-level service limit '…' is 0 Instances, with current utilization of …" */
function quotaExceeded(spec: JobSpec, error: unknown): MlopsError {
  const text = errorMessage(error);
  const usage = spec.spot ? 'spot training job usage' : 'training job usage';
  const quota = /service limit '([^']+)'/.exec(text)?.[1] ?? `${spec.instanceType} for ${usage}`;
  const limit = /\bis (\d+) Instances?/.exec(text)?.[1];
  return new MlopsError(
    'QUOTA_EXCEEDED',
    limit === undefined
      ? `The AWS account may have no more of “${quota}”.`
      : `The AWS account may have ${limit} at a time of “${quota}”.`,
    {
      // Something else of the account has to end first.
      retryable: Number(limit) > 0,
      hint:
        limit === undefined || limit === '0'
          ? `Ask for “${quota}” in Service Quotas (Amazon SageMaker), or set another training.instanceType.`
          : `Wait until another job has ended, or ask for more of “${quota}” in Service Quotas (Amazon SageMaker).`,
      cause: error,
    },
  );
}
