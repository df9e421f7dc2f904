// SageMaker as far as we use it, on the real wire: JSON 1.1 for the control plane, REST for
// invocations. Reproduced: states and their order, unique names, Spot interruptions, updates that
// fall back without a word, pages, throttling, quotas, events in EventBridge's shapes. Not
// reproduced: time (the test moves jobs and the clock), tags, anything inside images but how a container
// answers (`sagemaker-server/container.ts`). Permissions are checked before it (`permissions/guarded.ts`).
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Clock } from '../../pipeline/core/ports.ts';
import { type ChangeOutcome, createEndpoints } from './sagemaker-server/endpoints.ts';
import { createModelPackages } from './sagemaker-server/model-packages.ts';
import { createTrainingJobs, type JobControl } from './sagemaker-server/training-jobs.ts';
import { serve } from './serve.ts';
import { ServiceError } from './service-error.ts';

export interface SageMakerServerOptions {
  readonly clock: Clock;
  /** Takes what jobs leave. */
  readonly s3: S3Client;
  /** What becomes of a job; the default leaves it `Starting`. */
  readonly script?: (job: JobControl) => void | Promise<void>;
  readonly answer?: (configName: string, body: string) => string;
  readonly startSeconds?: number;
}

export interface EventBridgeEvent {
  readonly source: string;
  readonly 'detail-type': string;
  /** In whole seconds, as EventBridge writes it; left out where it is not read. */
  readonly time?: string;
  readonly detail: Record<string, unknown>;
}

/** A server on a free port; it is closed when the test has finished. */
export async function createSageMakerServer(options: SageMakerServerOptions) {
  const { clock, s3 } = options;
  const listeners = new Set<(event: EventBridgeEvent) => void>();
  const refusals: { action: string; error: ServiceError }[] = [];
  const failing = new Map<string, ChangeOutcome>();
  const calls: { readonly action: string; readonly input: unknown }[] = [];
  let work: Promise<void> = Promise.resolve();
  let troubles: unknown[] = [];

  const emit = (type: string, detail: Record<string, unknown>) => {
    const time = `${clock.now().toISOString().slice(0, 19)}Z`;
    const event = { source: 'aws.sagemaker', 'detail-type': type, time, detail };
    for (const listener of listeners) listener(event);
  };
  /** Goes on after the answer was sent, in order. */
  const background = (todo: () => void | Promise<void>) => {
    work = work
      .then(() => new Promise((resolve) => setImmediate(resolve)))
      .then(todo)
      .catch((error: unknown) => void troubles.push(error));
  };
  const parts = { clock, emit, background };
  const jobs = createTrainingJobs({
    ...parts,
    script: (job) => options.script?.(job),
    async putObject(uri, Body) {
      const [, Bucket = '', Key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
      await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
    },
  });
  const packages = createModelPackages(parts);
  const endpoints = createEndpoints({
    ...parts,
    startSeconds: options.startSeconds ?? 42,
    onSettled: jobs.logs.forgetCounts,
    print: (name, line) => jobs.logs.report(name, clock.now(), line),
    outcomeOf: (configName) => failing.get(configName) ?? 'settles',
    answer: options.answer ?? (() => '[]'),
  });
  const actions = { ...jobs.actions, ...packages.actions, ...endpoints.actions };

  function run(action: string, input: unknown): unknown {
    calls.push({ action, input });
    const refusal = refusals.findIndex((each) => each.action === action);
    if (refusal >= 0) throw refusals.splice(refusal, 1)[0]?.error;
    const handler = (actions as Record<string, ((input: never) => unknown) | undefined>)[action];
    if (handler === undefined) throw new ServiceError('UnknownOperationException', action);
    return handler(input as never);
  }

  const endpoint = await serve(async ({ path, headers, body }) => {
    const invoked = /^\/endpoints\/([^/]+)\/invocations$/.exec(path)?.[1];
    if (invoked !== undefined) {
      countInvocation(invoked);
      const contentType = headers['content-type'] ?? 'application/json';
      return { body: endpoints.invoke(invoked, { body, contentType }) };
    }
    const action = String(headers['x-amz-target']).replace('SageMaker.', '');
    return { body: JSON.stringify(run(action, JSON.parse(body))) };
  });

  function countInvocation(name: string): void {
    const refusal = refusals.findIndex((each) => each.action === 'InvokeEndpoint');
    calls.push({ action: 'InvokeEndpoint', input: { EndpointName: name } });
    if (refusal >= 0) throw refusals.splice(refusal, 1)[0]?.error;
  }

  return {
    endpoint,
    calls: calls as readonly { action: string; input: unknown }[],
    countOf: (action: string) => calls.filter((each) => each.action === action).length,
    job: jobs.control,
    jobRequests: jobs.requests,
    logs: jobs.logs.reader,
    /** Days after which lines of the endpoint's log expire; null: never. */
    retentionOf: jobs.logs.retentionOf,
    packages,
    endpoints,
    onEvent: (listener: (event: EventBridgeEvent) => void) => void listeners.add(listener),
    /** The next call of the action is answered with an error, so many times. */
    refuse(action: string, error: ServiceError, times = 1) {
      for (let i = 0; i < times; i++) refusals.push({ action, error });
    },
    /** A change to the configuration does not succeed. */
    failChange: (configName: string, outcome: ChangeOutcome) => failing.set(configName, outcome),
    /** Changes of endpoints stay in progress until the returned function is called. */
    holdChanges: () => endpoints.hold(),
    /** CloudWatch, as far as endpoints fill it. */
    cloudWatch: {
      send: async ({ input: { MetricName = '' } }: { input: { MetricName?: string } }) => {
        const { invocations, serverErrors, refused, unanswered } = endpoints.counters;
        const counted = new Map([
          ['Invocations', invocations],
          ['Invocation5XXErrors', serverErrors],
          ['Invocation4XXErrors', refused],
          ['InvocationModelErrors', unanswered],
          ...jobs.logs.counts,
        ]).get(MetricName);
        return { Datapoints: counted === undefined ? [] : [{ Sum: counted }] };
      },
    } as unknown as CloudWatchClient,
    /** Resolves when everything that was begun in the background has been done. */
    async idle(): Promise<void> {
      for (let seen: Promise<void> | null = null; seen !== work; ) {
        seen = work;
        await seen;
      }
      const [first] = troubles;
      troubles = [];
      if (first !== undefined) throw first;
    },
  };
}
