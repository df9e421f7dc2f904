import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  type DescribeEndpointOutput,
  type SageMakerClient,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import type { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { MlopsError } from '../core/errors.ts';
import type { Clock, EndpointConfig, EndpointHost } from '../core/ports.ts';
import { errorMessage, isAlreadyThere, isNotFound, isOneOf } from './aws-errors.ts';
import {
  liveConfigName,
  pendingConfigName,
  startSecondsOf,
  toEndpointStatus,
} from './endpoint/describe-endpoint.ts';
import { readEndpointFigures } from './endpoint/endpoint-figures.ts';
import { type EndpointLogSetup, prepareEndpointLog } from './endpoint/endpoint-log.ts';
import {
  endpointTags,
  type ServingSettings,
  toEndpointConfigRequest,
  toModelRequest,
} from './endpoint/endpoint-requests.ts';
import { readInputReports } from './endpoint/input-reports.ts';
import { invokeEndpoint } from './endpoint/invoke-endpoint.ts';
import { oldConfigNames } from './endpoint/old-config-names.ts';
import type { CloudWatchLogsReader } from './job-runner/job-logs.ts';

const DELETE_POLL_MILLISECONDS = 3_000;
const MAX_DELETE_POLLS = 20;

export interface SageMakerEndpointHostOptions extends ServingSettings {
  readonly sagemaker: SageMakerClient;
  readonly runtime: SageMakerRuntimeClient;
  readonly cloudwatch: CloudWatchClient;
  readonly logs: Pick<CloudWatchLogsReader, 'filterLogEvents'> & EndpointLogSetup;
  readonly logRetentionDays: number;
  readonly region: string;
  readonly clock: Clock;
  /** Between two looks at an endpoint that is being deleted; the tests do not wait. */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

/**
 * {@link EndpointHost} on SageMaker Serverless endpoints. A configuration is an endpoint
 * configuration and a model of the same name, and that name is the idempotency key: SageMaker has no
 * other. An update that fails leaves the endpoint `InService` on its old configuration without a
 * word, so `configName` is always what SageMaker says now, never what was asked for.
 */
export function createSageMakerEndpointHost(options: SageMakerEndpointHostOptions): EndpointHost {
  const { sagemaker, runtime, region, clock } = options;
  const pause =
    options.pause ??
    ((milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)));

  async function find(endpointName: string): Promise<DescribeEndpointOutput | null> {
    try {
      return await sagemaker.send(new DescribeEndpointCommand({ EndpointName: endpointName }));
    } catch (error) {
      if (isNotFound(error)) return null;
      throw isOneOf(error, 'AccessDeniedException') ? outOfReach(endpointName, error) : error;
    }
  }

  /** An endpoint that never came into service takes no update: it can only be deleted. */
  async function clearAway(endpointName: string): Promise<void> {
    await sagemaker.send(new DeleteEndpointCommand({ EndpointName: endpointName }));
    for (let look = 0; look < MAX_DELETE_POLLS; look++) {
      if ((await find(endpointName)) === null) return;
      await pause(DELETE_POLL_MILLISECONDS);
    }
    throw busy(endpointName);
  }

  async function createConfiguration(config: EndpointConfig): Promise<void> {
    await unlessThere(() =>
      sagemaker.send(new CreateModelCommand(toModelRequest(config, options))),
    );
    await unlessThere(() =>
      sagemaker.send(new CreateEndpointConfigCommand(toEndpointConfigRequest(config, options))),
    );
  }

  async function createEndpoint({ endpointName, configName }: EndpointConfig): Promise<void> {
    await unlessThere(() =>
      sagemaker.send(
        new CreateEndpointCommand({
          EndpointName: endpointName,
          EndpointConfigName: configName,
          Tags: endpointTags(endpointName, options),
        }),
      ),
    );
  }

  return {
    async deploy(config) {
      const { endpointName, configName } = config;
      const endpoint = await find(endpointName);
      const status = endpoint === null ? null : toEndpointStatus(endpoint);
      if (endpoint !== null && isLeadingTo(endpoint, configName)) return;
      if (status === 'Creating' || status === 'Updating') throw busy(endpointName);
      await prepareEndpointLog(options.logs, {
        endpointName,
        retentionDays: options.logRetentionDays,
      });
      await createConfiguration(config);
      if (endpoint === null) return createEndpoint(config);
      if (status === 'Failed') {
        await clearAway(endpointName);
        return createEndpoint(config);
      }
      try {
        await sagemaker.send(
          new UpdateEndpointCommand({ EndpointName: endpointName, EndpointConfigName: configName }),
        );
      } catch (error) {
        // Another change began since we looked.
        if (isOneOf(error, 'ValidationException') && /in-progress/i.test(errorMessage(error))) {
          throw busy(endpointName);
        }
        throw isOneOf(error, 'ResourceLimitExceeded') ? quotaExceeded(error) : error;
      }
    },
    async describe(endpointName) {
      const endpoint = await find(endpointName);
      if (endpoint === null || endpoint.EndpointStatus === 'Deleting') return null;
      const status = toEndpointStatus(endpoint);
      const configName = liveConfigName(endpoint);
      const figures =
        configName === null
          ? { invocations: 0, serverErrors: 0, p95Milliseconds: null }
          : await readEndpointFigures(options.cloudwatch, {
              endpointName,
              since: endpoint.LastModifiedTime ?? clock.now(),
              now: clock.now(),
            });
      return {
        endpointName,
        status,
        configName,
        failureReason: endpoint.FailureReason || null,
        url: `https://runtime.sagemaker.${region}.amazonaws.com/endpoints/${endpointName}/invocations`,
        startSeconds: status === 'InService' ? await startSeconds(endpoint) : null,
        ...figures,
      };
    },
    inputCounts: ({ endpointName, configName, since }) =>
      readInputReports(options.logs, {
        endpointName,
        configName,
        since: since === null ? null : new Date(since),
        now: clock.now(),
      }),
    invoke: (endpointName, body, contentType) =>
      invokeEndpoint(runtime, { endpointName, body, contentType }),
    async remove(endpointName) {
      const endpoint = await find(endpointName);
      if (endpoint === null || endpoint.EndpointStatus === 'Deleting') return;
      const status = toEndpointStatus(endpoint);
      if (status === 'Creating' || status === 'Updating') throw busy(endpointName);
      await unlessGone(() =>
        sagemaker.send(new DeleteEndpointCommand({ EndpointName: endpointName })),
      );
    },
    async prune(endpointName, keep) {
      const live = await find(endpointName);
      const old = await oldConfigNames(sagemaker, endpointName, keep);
      const inUse = live === null ? [] : [live.EndpointConfigName, pendingConfigName(live)];
      for (const name of old.filter((each) => !inUse.includes(each))) {
        await unlessGone(() =>
          sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: name })),
        );
        await unlessGone(() => sagemaker.send(new DeleteModelCommand({ ModelName: name })));
      }
    },
  };

  async function startSeconds(endpoint: DescribeEndpointOutput): Promise<number | null> {
    try {
      const config = await sagemaker.send(
        new DescribeEndpointConfigCommand({ EndpointConfigName: endpoint.EndpointConfigName }),
      );
      return startSecondsOf(endpoint, config.CreationTime);
    } catch (error) {
      if (isNotFound(error)) return null;
      throw error;
    }
  }
}

/** Whether the configuration is live, or will be when the change in progress is complete. */
function isLeadingTo(endpoint: DescribeEndpointOutput, configName: string): boolean {
  if (toEndpointStatus(endpoint) === 'Failed') return false;
  const target = pendingConfigName(endpoint) ?? endpoint.EndpointConfigName;
  return target === configName;
}

async function unlessThere(create: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (isOneOf(error, 'ResourceLimitExceeded')) throw quotaExceeded(error);
    if (!isAlreadyThere(error)) throw error;
  }
}

async function unlessGone(remove: () => Promise<unknown>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

function busy(endpointName: string): MlopsError {
  return new MlopsError('CONFLICT', `The endpoint ${endpointName} is being changed already.`, {
    retryable: true,
  });
}

/** The policies name the models of the configuration. Retryable: another deployment mends it. */
function outOfReach(endpointName: string, cause: unknown): MlopsError {
  return new MlopsError('CONFIG_INVALID', `AWS refuses access to the endpoint ${endpointName}.`, {
    hint: 'If its model was taken out of mlops.config.ts, name it in formerModels there, and run npm run deploy.',
    retryable: true,
    cause,
  });
}

function quotaExceeded(cause: unknown): MlopsError {
  return new MlopsError(
    'QUOTA_EXCEEDED',
    'The AWS account may not have another Serverless endpoint, or not with so much concurrency.',
    {
      hint: 'Ask for more in Service Quotas (Amazon SageMaker), or lower serving.maxConcurrency.',
      cause,
    },
  );
}
