import type { CreateTrainingJobRequest } from '@aws-sdk/client-sagemaker';
import type { Clock } from '../../../pipeline/core/ports.ts';
import { arn, invalid, ServiceError, seconds } from '../service-error.ts';
import { packFiles } from './archive.ts';
import { createJobLogs, type LogStream } from './job-logs.ts';

/** What a test does to a job; every call is a transition SageMaker would make, with its event. */
export interface JobControl {
  readonly name: string;
  readonly request: CreateTrainingJobRequest;
  /** A machine was found and the script runs. */
  train(): void;
  /** The script prints a line. */
  print(line: string): void;
  progress(step: number, total: number): void;
  /** The machine is taken away; `says`: the script had the time to say so. */
  interrupt(options: { atStep: number; says: boolean }): void;
  /** Another machine was found; the script goes on, or starts over when `fromStep` is null. */
  resume(fromStep: number | null): void;
  complete(files: {
    model?: Readonly<Record<string, string>>;
    output?: Readonly<Record<string, string>>;
  }): Promise<void>;
  fail(reason: string): void;
  stop(secondaryStatus: 'Stopped' | 'MaxWaitTimeExceeded' | 'MaxRuntimeExceeded'): void;
}

interface Job {
  readonly request: CreateTrainingJobRequest;
  readonly createdAt: Date;
  status: string;
  secondary: string;
  failureReason: string | undefined;
  endedAt: Date | undefined;
  transitions: { Status: string; StartTime: Date; EndTime?: Date }[];
  stream: LogStream | null;
}

export interface TrainingJobsOptions {
  readonly clock: Clock;
  readonly emit: (type: string, detail: Record<string, unknown>) => void;
  readonly putObject: (uri: string, body: Uint8Array) => Promise<void>;
  /** Decides what becomes of a new job. */
  readonly script: (job: JobControl) => void | Promise<void>;
  readonly background: (work: () => void | Promise<void>) => void;
}

export function createTrainingJobs(options: TrainingJobsOptions) {
  const { clock, emit, putObject, script, background } = options;
  const jobs = new Map<string, Job>();
  const logs = createJobLogs();

  function find(name: string): Job {
    const job = jobs.get(name);
    if (job === undefined) throw invalid('Requested resource not found.');
    return job;
  }

  function move(name: string, secondary: string, status = 'InProgress'): void {
    const job = find(name);
    if (job.endedAt !== undefined) throw new Error(`The job ${name} has ended.`);
    const now = clock.now();
    const last = job.transitions.at(-1);
    if (last !== undefined && last.EndTime === undefined) last.EndTime = now;
    const isEnd = ['Completed', 'Failed', 'Stopped'].includes(status);
    job.transitions.push({
      Status: secondary,
      StartTime: now,
      ...(isEnd ? { EndTime: now } : {}),
    });
    Object.assign(job, { secondary, status, ...(isEnd ? { endedAt: now } : {}) });
    emit('SageMaker Training Job State Change', {
      TrainingJobName: name,
      TrainingJobArn: arn('training-job', name),
      TrainingJobStatus: status,
      SecondaryStatus: secondary,
      // As in the documentation: milliseconds, as text.
      CreationTime: String(job.createdAt.getTime()),
      SecondaryStatusTransitions: [],
      Tags: {},
    });
  }

  function controlOf(name: string): JobControl {
    const { request } = find(name);
    const control: JobControl = {
      name,
      request,
      train() {
        move(name, 'Downloading');
        find(name).stream = logs.openStream(name, clock.now());
        move(name, 'Training');
      },
      print(message) {
        find(name).stream?.events.push({ timestamp: clock.now().getTime(), message });
      },
      progress(step, total) {
        control.print(
          `{"event": "progress", "step": ${step}, "total": ${total}, "epoch": 1.0, "loss": 0.5, "samples_per_second": 12.5}`,
        );
      },
      interrupt({ atStep, says }) {
        if (says) control.print(`{"event": "interrupted", "step": ${atStep}}`);
        move(name, 'Interrupted');
        find(name).stream = null;
        move(name, 'Starting');
      },
      resume(fromStep) {
        control.train();
        if (fromStep !== null) control.print(`{"event": "resumed", "step": ${fromStep}}`);
      },
      async complete({ model, output }) {
        move(name, 'Uploading');
        const folder = `${request.OutputDataConfig?.S3OutputPath}/${name}/output`;
        if (model !== undefined) await putObject(`${folder}/model.tar.gz`, packFiles(model));
        if (output !== undefined) await putObject(`${folder}/output.tar.gz`, packFiles(output));
        move(name, 'Completed', 'Completed');
      },
      fail(reason) {
        find(name).failureReason = `AlgorithmError: ${reason}, exit code: 1`.slice(0, 1024);
        move(name, 'Failed', 'Failed');
      },
      stop(secondaryStatus) {
        move(name, 'Stopping', 'Stopping');
        move(name, secondaryStatus, 'Stopped');
      },
    };
    return control;
  }

  return {
    logs,
    control: controlOf,
    requests: () => [...jobs.values()].map(({ request }) => request),
    actions: {
      CreateTrainingJob(request: CreateTrainingJobRequest) {
        const name = request.TrainingJobName ?? '';
        if (!/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/.test(name)) throw invalid(`Bad name ${name}`);
        if (jobs.has(name)) {
          throw new ServiceError(
            'ResourceInUse',
            'Training job names must be unique within an AWS account and region.',
          );
        }
        const { MaxRuntimeInSeconds = 86_400, MaxWaitTimeInSeconds } =
          request.StoppingCondition ?? {};
        if (request.EnableManagedSpotTraining === true) {
          if ((MaxWaitTimeInSeconds ?? 0) < MaxRuntimeInSeconds) {
            throw invalid('MaxWaitTimeInSeconds must be at least MaxRuntimeInSeconds.');
          }
        } else if (MaxWaitTimeInSeconds !== undefined) {
          throw invalid('MaxWaitTimeInSeconds is for managed spot training only.');
        }
        jobs.set(name, {
          request,
          createdAt: clock.now(),
          status: 'InProgress',
          secondary: 'Starting',
          failureReason: undefined,
          endedAt: undefined,
          transitions: [],
          stream: null,
        });
        move(name, 'Starting');
        background(() => script(controlOf(name)));
        return { TrainingJobArn: arn('training-job', name) };
      },
      DescribeTrainingJob({ TrainingJobName = '' }: { TrainingJobName?: string }) {
        const job = find(TrainingJobName);
        const { InputDataConfig, OutputDataConfig, AlgorithmSpecification } = job.request;
        return {
          TrainingJobName,
          TrainingJobArn: arn('training-job', TrainingJobName),
          TrainingJobStatus: job.status,
          SecondaryStatus: job.secondary,
          FailureReason: job.failureReason,
          InputDataConfig,
          OutputDataConfig,
          AlgorithmSpecification,
          ModelArtifacts: {
            S3ModelArtifacts: `${OutputDataConfig?.S3OutputPath}/${TrainingJobName}/output/model.tar.gz`,
          },
          CreationTime: seconds(job.createdAt),
          TrainingEndTime: job.endedAt && seconds(job.endedAt),
          SecondaryStatusTransitions: job.transitions.map(({ Status, StartTime, EndTime }) => ({
            Status,
            StartTime: seconds(StartTime),
            EndTime: EndTime && seconds(EndTime),
          })),
        };
      },
      StopTrainingJob({ TrainingJobName = '' }: { TrainingJobName?: string }) {
        const job = find(TrainingJobName);
        if (job.endedAt !== undefined) {
          throw invalid(
            `The request was rejected because the training job is in status ${job.status}.`,
          );
        }
        if (job.status === 'InProgress') controlOf(TrainingJobName).stop('Stopped');
        return {};
      },
    },
  };
}
