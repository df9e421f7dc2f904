import type {
  CreateEndpointConfigInput,
  CreateModelInput,
  ListEndpointConfigsInput,
} from '@aws-sdk/client-sagemaker';
import type { Clock } from '../../../pipeline/core/ports.ts';
import { account, arn, invalid, ServiceError, seconds } from '../service-error.ts';
import { answerInContainer } from './container.ts';

/** What becomes of a change of an endpoint. */
export type ChangeOutcome =
  | 'settles'
  /** The container does not start: a new endpoint fails, an old one goes back without a word … */
  | { readonly fails: string; readonly says: boolean };

interface Endpoint {
  status: string;
  configName: string;
  pending: string | null;
  failureReason: string | undefined;
  readonly createdAt: Date;
  modifiedAt: Date;
}

export interface EndpointsOptions {
  readonly clock: Clock;
  readonly emit: (type: string, detail: Record<string, unknown>) => void;
  readonly background: (work: () => void | Promise<void>) => void;
  readonly outcomeOf: (configName: string) => ChangeOutcome;
  /** Seconds a change takes, by the clock: how far it says to have moved on. */
  readonly startSeconds: number;
  /** Adds a line to the log of an endpoint. */
  readonly print: (name: string, line: string) => void;
  /** A configuration came into service: what was counted before is that of another one. */
  readonly onSettled: () => void;
  /** What the model of a configuration answers; it throws what is wrong, see `container.ts`. */
  readonly answer: (configName: string, body: string) => string;
}

/** Small, so that reading pages is tested. */
const MAX_PAGE = 3;

export function createEndpoints(options: EndpointsOptions) {
  const { clock, emit, background, print } = options;
  const models = new Map<string, CreateModelInput>();
  const configs = new Map<string, { input: CreateEndpointConfigInput; createdAt: Date }>();
  const endpoints = new Map<string, Endpoint>();
  const deploys: string[] = [];
  const crashing = new Set<string>();
  let held: Promise<void> = Promise.resolve();
  const counters = { invocations: 0, serverErrors: 0, refused: 0, unanswered: 0 };

  function find(name: string): Endpoint {
    const endpoint = endpoints.get(name);
    if (endpoint === undefined)
      throw invalid(`Could not find endpoint "${arn('endpoint', name)}".`);
    return endpoint;
  }

  function publish(name: string): void {
    const endpoint = find(name);
    emit('SageMaker Endpoint State Change', {
      EndpointName: name,
      EndpointArn: arn('endpoint', name),
      EndpointConfigName: endpoint.configName,
      // As in the documentation: another spelling than the API's.
      EndpointStatus: endpoint.status.replace(/(?<=[a-z])[A-Z]/g, '_$&').toUpperCase(),
      CreationTime: endpoint.createdAt.getTime(),
      LastModifiedTime: endpoint.modifiedAt.getTime(),
      Tags: {},
    });
  }

  function settle(name: string, configName: string): void {
    const endpoint = endpoints.get(name);
    if (endpoint?.pending !== configName) return;
    const outcome = options.outcomeOf(configName);
    const isFirst = endpoint.status === 'Creating';
    const modifiedAt = new Date(clock.now().getTime() + options.startSeconds * 1000);
    endpoint.pending = null;
    endpoint.modifiedAt = modifiedAt;
    if (outcome === 'settles') {
      options.onSettled();
      Object.assign(counters, { invocations: 0, serverErrors: 0, refused: 0, unanswered: 0 });
      Object.assign(endpoint, { status: 'InService', configName, failureReason: undefined });
    } else {
      const failureReason = isFirst || outcome.says ? outcome.fails : undefined;
      Object.assign(endpoint, { status: isFirst ? 'Failed' : 'InService', failureReason });
    }
    publish(name);
  }

  function change(name: string, configName: string): void {
    deploys.push(configName);
    publish(name);
    const until = held;
    background(() => until.then(() => settle(name, configName)));
  }

  function needConfig(name: string): void {
    if (configs.has(name)) return;
    throw invalid(`Could not find endpoint configuration "${arn('endpoint-config', name)}".`);
  }

  return {
    /** Configurations the endpoint was asked to take, in order. */
    deploys: deploys as readonly string[],
    counters,
    /** The container of the configuration ends with each request, and answers none. */
    crash: (configName: string) => void crashing.add(configName),
    /** Changes that begin from now on go on only when the returned function was called. */
    hold(): () => void {
      let release = () => {};
      held = new Promise((resolve) => {
        release = resolve;
      });
      return () => release();
    },
    models: () => [...models.keys()],
    configs: () => [...configs.keys()],
    model: (name: string) => models.get(name),
    config: (name: string) => configs.get(name)?.input,
    actions: {
      CreateModel(input: CreateModelInput) {
        const name = input.ModelName ?? '';
        if (models.has(name)) {
          throw invalid(`Cannot create already existing model "${arn('model', name)}".`);
        }
        models.set(name, input);
        return { ModelArn: arn('model', name) };
      },
      DeleteModel({ ModelName = '' }: { ModelName?: string }) {
        if (!models.delete(ModelName)) throw invalid(`Could not find model "${ModelName}".`);
        return {};
      },
      CreateEndpointConfig(input: CreateEndpointConfigInput) {
        const name = input.EndpointConfigName ?? '';
        if (configs.has(name)) {
          const config = arn('endpoint-config', name);
          throw invalid(`Cannot create already existing endpoint configuration "${config}".`);
        }
        const model = input.ProductionVariants?.[0]?.ModelName ?? '';
        if (!models.has(model)) throw invalid(`Could not find model "${arn('model', model)}".`);
        configs.set(name, { input, createdAt: clock.now() });
        return { EndpointConfigArn: arn('endpoint-config', name) };
      },
      DescribeEndpointConfig({ EndpointConfigName = '' }: { EndpointConfigName?: string }) {
        needConfig(EndpointConfigName);
        const config = configs.get(EndpointConfigName);
        return { ...config?.input, CreationTime: config && seconds(config.createdAt) };
      },
      DeleteEndpointConfig({ EndpointConfigName = '' }: { EndpointConfigName?: string }) {
        needConfig(EndpointConfigName);
        const isUsed = [...endpoints.values()].some(
          (each) => each.configName === EndpointConfigName || each.pending === EndpointConfigName,
        );
        if (isUsed) throw invalid(`The configuration ${EndpointConfigName} is in use.`);
        configs.delete(EndpointConfigName);
        return {};
      },
      ListEndpointConfigs({ NameContains = '', NextToken, MaxResults }: ListEndpointConfigsInput) {
        const from = Number(NextToken ?? 0);
        const page = Math.min(MaxResults ?? 10, MAX_PAGE);
        const newest = [...configs.keys()].filter((name) => name.includes(NameContains)).reverse();
        return {
          EndpointConfigs: newest.slice(from, from + page).map((name) => ({
            EndpointConfigName: name,
            EndpointConfigArn: arn('endpoint-config', name),
            CreationTime: seconds(configs.get(name)?.createdAt ?? clock.now()),
          })),
          NextToken: from + page < newest.length ? String(from + page) : undefined,
        };
      },
      CreateEndpoint(input: { EndpointName?: string; EndpointConfigName?: string }) {
        const { EndpointName: name = '', EndpointConfigName: configName = '' } = input;
        needConfig(configName);
        if (endpoints.has(name)) {
          throw invalid(`Cannot create already existing endpoint "${arn('endpoint', name)}".`);
        }
        const now = clock.now();
        endpoints.set(name, {
          status: 'Creating',
          configName,
          pending: configName,
          failureReason: undefined,
          createdAt: now,
          modifiedAt: now,
        });
        change(name, configName);
        return { EndpointArn: arn('endpoint', name) };
      },
      UpdateEndpoint(input: { EndpointName?: string; EndpointConfigName?: string }) {
        const { EndpointName: name = '', EndpointConfigName: configName = '' } = input;
        const endpoint = find(name);
        needConfig(configName);
        if (endpoint.status === 'Failed') {
          throw invalid(`Cannot update endpoint "${name}" with status "Failed".`);
        }
        if (endpoint.pending !== null) {
          throw invalid(`Cannot update in-progress endpoint "${arn('endpoint', name)}".`);
        }
        Object.assign(endpoint, {
          status: 'Updating',
          pending: configName,
          failureReason: undefined,
        });
        change(name, configName);
        return { EndpointArn: arn('endpoint', name) };
      },
      DescribeEndpoint({ EndpointName: name = '' }: { EndpointName?: string }) {
        const endpoint = find(name);
        return {
          EndpointName: name,
          EndpointArn: arn('endpoint', name),
          EndpointConfigName: endpoint.configName,
          EndpointStatus: endpoint.status,
          FailureReason: endpoint.failureReason,
          PendingDeploymentSummary:
            endpoint.pending === null ? undefined : { EndpointConfigName: endpoint.pending },
          CreationTime: seconds(endpoint.createdAt),
          LastModifiedTime: seconds(endpoint.modifiedAt),
        };
      },
      DeleteEndpoint({ EndpointName: name = '' }: { EndpointName?: string }) {
        Object.assign(find(name), { status: 'Deleting' });
        background(() => void endpoints.delete(name));
        return {};
      },
    },
    /** As the runtime does: an answer that is no success becomes a `ModelError` that quotes it. */
    invoke(name: string, request: { readonly body: string; readonly contentType: string }): string {
      const endpoint = endpoints.get(name);
      if (endpoint === undefined) {
        throw new ServiceError(
          'ValidationError',
          `Endpoint ${name} of account ${account} not found.`,
        );
      }
      if (endpoint.status !== 'InService' && endpoint.status !== 'Updating') {
        throw new ServiceError('ValidationError', `Endpoint ${name} is not in service.`);
      }
      counters.invocations += 1;
      const { configName } = endpoint;
      if (crashing.has(configName)) {
        counters.unanswered += 1;
        throw new ServiceError('ModelError', 'Received server error (0) from primary.', {
          status: 424,
          members: { OriginalStatusCode: 0, OriginalMessage: '' },
        });
      }
      const answer = answerInContainer((body) => options.answer(configName, body), request);
      if (answer.status === 200) return answer.body;
      const isOurs = answer.status >= 500;
      counters[isOurs ? 'serverErrors' : 'refused'] += 1;
      counters.unanswered += 1;
      if (isOurs) print(name, failureLine(configName));
      throw new ServiceError(
        'ModelError',
        `Received ${isOurs ? 'server' : 'client'} error (${answer.status}) from primary with message "${answer.body}". See ${logOf(name)} in account ${account} for more information.`,
        {
          status: 424,
          members: { OriginalStatusCode: answer.status, OriginalMessage: answer.body },
        },
      );
    },
  };
}

/** As the serving entry prints it, behind the words of a model server. */
function failureLine(config: string): string {
  return `W-9000-model-stdout MODEL_LOG - {"event": "mlops.failed", "config": "${config}"}`;
}

function logOf(name: string): string {
  return `https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#logEventViewer:group=/aws/sagemaker/Endpoints/${name}`;
}
