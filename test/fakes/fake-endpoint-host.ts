import { addInputs, type InputCounts, noInputs } from '../../pipeline/core/alert/input-counts.ts';
import { MlopsError } from '../../pipeline/core/errors.ts';
import type {
  EndpointConfig,
  EndpointDescription,
  EndpointHost,
} from '../../pipeline/core/ports.ts';
import type { Instant } from '../../pipeline/core/run.ts';
import { unset } from './unset.ts';

export interface FakeEndpointHost extends EndpointHost {
  /** Configurations in the order of deploying. */
  readonly deployed: readonly EndpointConfig[];
  /** Endpoints that were taken away. */
  readonly removed: readonly string[];
  readonly pruned: readonly { readonly endpointName: string; readonly keep: number }[];
  /** How a request is answered by the live configuration; an Error is thrown. */
  answer(answer: (body: string, config: EndpointConfig) => string | Error): void;
  /** Whether later deployments settle by themselves (the default), fail, or wait for `settle`. */
  behave(behaviour: 'settles' | 'waits' | { readonly fails: string }): void;
  /** Ends a waiting deployment; `failure` leaves the old configuration live. */
  settle(endpointName: string, failure?: string): void;
  /** Changes what is described of an endpoint, as an outage would. */
  change(
    endpointName: string,
    changes: Partial<Pick<EndpointDescription, 'status' | 'failureReason'>>,
  ): void;
  /** Counts requests that callers made of the live configuration. */
  count(
    endpointName: string,
    invocations: number,
    serverErrors: number,
    p95Milliseconds?: number,
  ): void;
  /** Reports what callers asked of a configuration until then. */
  ask(configName: string, at: Instant, counts: InputCounts): void;
}

interface FakeEndpoint {
  description: EndpointDescription;
  live: EndpointConfig | null;
  pending: EndpointConfig | null;
}

/** An endpoint host whose deployments settle at once, or when the test says so. */
export function createFakeEndpointHost(): FakeEndpointHost {
  const deployed: EndpointConfig[] = [];
  const pruned: { endpointName: string; keep: number }[] = [];
  const removed: string[] = [];
  const asked: { configName: string; at: Instant; counts: InputCounts }[] = [];
  const endpoints = new Map<string, FakeEndpoint>();
  let behaviour: Parameters<FakeEndpointHost['behave']>[0] = 'settles';
  let respond: Parameters<FakeEndpointHost['answer']>[0] = () =>
    unset('how the endpoint answers: call answer()');
  const find = (name: string) => endpoints.get(name) ?? unset(`an endpoint ${name}: deploy first`);

  const host: FakeEndpointHost = {
    deployed,
    pruned,
    removed,
    answer(answer) {
      respond = answer;
    },
    behave(next) {
      behaviour = next;
    },
    async deploy(config) {
      const before = endpoints.get(config.endpointName);
      const target = before?.pending ?? before?.live;
      if (target?.configName === config.configName) return;
      deployed.push(config);
      endpoints.set(config.endpointName, {
        live: before?.live ?? null,
        pending: config,
        description: {
          endpointName: config.endpointName,
          configName: before?.live?.configName ?? null,
          status: before?.live == null ? 'Creating' : 'Updating',
          failureReason: null,
          url: `http://127.0.0.1:1/endpoints/${config.endpointName}/invocations`,
          startSeconds: null,
          invocations: before?.description.invocations ?? 0,
          serverErrors: before?.description.serverErrors ?? 0,
          p95Milliseconds: before?.description.p95Milliseconds ?? null,
        },
      });
      if (behaviour === 'settles') host.settle(config.endpointName);
      else if (behaviour !== 'waits') host.settle(config.endpointName, behaviour.fails);
    },
    settle(endpointName, failure) {
      const endpoint = find(endpointName);
      const { pending, live, description } = endpoint;
      if (pending === null) throw new Error(`${endpointName} has no deployment to settle.`);
      endpoint.pending = null;
      if (failure !== undefined) {
        const status = live === null ? 'Failed' : 'InService';
        endpoint.description = { ...description, status, failureReason: failure };
        return;
      }
      endpoint.live = pending;
      endpoint.description = {
        ...description,
        status: 'InService',
        configName: pending.configName,
        startSeconds: 1,
        invocations: 0,
        serverErrors: 0,
        p95Milliseconds: null,
      };
    },
    change(endpointName, changes) {
      const endpoint = find(endpointName);
      endpoint.description = { ...endpoint.description, ...changes };
    },
    count(endpointName, invocations, serverErrors, p95Milliseconds = 20) {
      const endpoint = find(endpointName);
      endpoint.description = {
        ...endpoint.description,
        invocations,
        serverErrors,
        p95Milliseconds,
      };
    },
    async describe(endpointName) {
      return endpoints.get(endpointName)?.description ?? null;
    },
    async inputCounts({ configName, since }) {
      return asked
        .filter((each) => each.configName === configName && (since === null || each.at > since))
        .reduce((sum, { counts }) => addInputs(sum, counts), noInputs);
    },
    ask(configName, at, counts) {
      asked.push({ configName, at, counts });
    },
    async invoke(endpointName, body) {
      const live = endpoints.get(endpointName)?.live;
      if (live == null) {
        throw new MlopsError('VERIFICATION_FAILED', `The endpoint ${endpointName} is not live.`);
      }
      const answer = respond(body, live);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    async remove(endpointName) {
      endpoints.delete(endpointName);
      removed.push(endpointName);
    },
    async prune(endpointName, keep) {
      pruned.push({ endpointName, keep });
    },
  };
  return host;
}
