import { noInputs } from '../../../pipeline/core/alert/input-counts.ts';
import { MlopsError } from '../../../pipeline/core/errors.ts';
import type {
  EndpointConfig,
  EndpointDescription,
  EndpointHost,
} from '../../../pipeline/core/ports.ts';
import type { Choices } from '../engine/choices.ts';
import type { VirtualTime } from '../engine/virtual-time.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

export interface SimulatedEndpoints extends EndpointHost {
  /** Called after every change of an endpoint, as EventBridge would. */
  onChange(listener: (endpointName: string) => void): void;
  /** Called when a change is accepted, with what served before. */
  onDeploy(listener: (config: EndpointConfig, live: EndpointConfig | null) => void): void;
  live(endpointName: string): EndpointConfig | null;
  isChanging(endpointName: string): boolean;
  /** Whether the configuration has given an answer other than its evaluation recorded. */
  hasAnsweredWrongly(configName: string): boolean;
}

interface SimulatedEndpoint {
  live: EndpointConfig | null;
  pending: EndpointConfig | 'removal' | null;
  failureReason: string | null;
  hasFailed: boolean;
  liveSince: number;
}

/**
 * Serverless endpoints as SageMaker changes them: slowly, one change at a time, sometimes in vain,
 * and now and then back to the old configuration without saying so.
 */
export function createSimulatedEndpoints(options: {
  readonly choices: Choices;
  readonly time: VirtualTime;
}): SimulatedEndpoints {
  const { choices, time } = options;
  const endpoints = new Map<string, SimulatedEndpoint>();
  const changed: ((endpointName: string) => void)[] = [];
  const accepted: ((config: EndpointConfig, live: EndpointConfig | null) => void)[] = [];

  function settle(name: string, work: (endpoint: SimulatedEndpoint) => void): void {
    const endpoint = endpoints.get(name);
    if (endpoint === undefined) return;
    work(endpoint);
    endpoint.pending = null;
    for (const listener of changed) listener(name);
  }

  function refuseWhileChanging(endpoint: SimulatedEndpoint | undefined): void {
    if (endpoint?.pending == null) return;
    throw new MlopsError('CONFLICT', 'Cannot update in-progress endpoint.', { retryable: true });
  }

  function complete(config: EndpointConfig): void {
    const label = `change to ${config.configName}`;
    settle(config.endpointName, (endpoint) => {
      if (choices.disturbs(`${label} fails`, 0.07)) {
        endpoint.failureReason = 'The container did not pass its ping health check.';
        endpoint.hasFailed = endpoint.live === null;
      } else if (
        endpoint.live === null ||
        !choices.disturbs(`${label} falls back silently`, 0.05)
      ) {
        endpoint.live = config;
        endpoint.liveSince = time.elapsed();
        endpoint.failureReason = null;
        endpoint.hasFailed = false;
      }
    });
  }

  /** Whether the model in service answers other than its evaluation recorded. */
  function answersWrongly({ live, liveSince }: SimulatedEndpoint): boolean {
    if (live === null) return false;
    const label = `answers of ${live.configName}`;
    const kind = broken.get(label) ?? drawBroken(label);
    return kind === 'always' || (kind === 'later' && time.elapsed() - liveSince > 5 * MINUTE);
  }
  const refuted = new Set<string>();
  const broken = new Map<string, 'never' | 'always' | 'later'>();
  function drawBroken(label: string) {
    const kind = choices.disturbs(`${label} are wrong`, 0.05)
      ? 'always'
      : choices.disturbs(`${label} turn wrong`, 0.04)
        ? 'later'
        : 'never';
    broken.set(label, kind);
    return kind;
  }

  function describe(endpointName: string, endpoint: SimulatedEndpoint): EndpointDescription {
    const { live, pending, hasFailed, failureReason } = endpoint;
    const seconds = (time.elapsed() - endpoint.liveSince) / SECOND;
    const invocations = live === null ? 0 : Math.floor(seconds / 2);
    const fails = live !== null && errorRate(live.configName) > 0;
    return {
      endpointName,
      status:
        pending === null
          ? hasFailed
            ? 'Failed'
            : 'InService'
          : live === null
            ? 'Creating'
            : 'Updating',
      configName: live?.configName ?? null,
      failureReason,
      url: `https://runtime.example/endpoints/${endpointName}/invocations`,
      startSeconds: pending === null ? 30 : null,
      invocations,
      serverErrors: fails ? Math.floor(invocations / 3) : 0,
      p95Milliseconds: invocations === 0 ? null : 40,
    };
  }
  const rates = new Map<string, number>();
  function errorRate(configName: string): number {
    const known = rates.get(configName);
    const rate = known ?? (choices.disturbs(`requests to ${configName} fail`, 0.04) ? 0.3 : 0);
    rates.set(configName, rate);
    return rate;
  }

  return {
    async deploy(config) {
      const before = endpoints.get(config.endpointName);
      const { pending = null, live = null } = before ?? {};
      if (pending !== null && pending !== 'removal' && pending.configName === config.configName)
        return;
      if (pending === null && live?.configName === config.configName) return;
      refuseWhileChanging(before);
      for (const listener of accepted) listener(config, live);
      endpoints.set(config.endpointName, {
        live,
        pending: config,
        failureReason: null,
        hasFailed: false,
        liveSince: before?.liveSince ?? time.elapsed(),
      });
      const seconds = 30 + choices.fraction(`duration of change to ${config.configName}`) * 240;
      time.after(seconds * SECOND, () => complete(config));
    },
    inputCounts: async () => noInputs,
    async describe(endpointName) {
      const endpoint = endpoints.get(endpointName);
      return endpoint === undefined ? null : describe(endpointName, endpoint);
    },
    async invoke(endpointName, body) {
      const endpoint = endpoints.get(endpointName);
      if (endpoint?.live == null) {
        throw new MlopsError('VERIFICATION_FAILED', `The endpoint ${endpointName} is not live.`);
      }
      if (choices.disturbs(`${endpointName} is busy`, 0.03)) {
        throw new MlopsError('VERIFICATION_FAILED', 'The endpoint is busy.', { retryable: true });
      }
      const isWrong = answersWrongly(endpoint);
      if (isWrong) refuted.add(endpoint.live.configName);
      const label = isWrong ? 'wrong' : JSON.parse(body).inputs;
      return JSON.stringify([{ label, score: 0.9 }]);
    },
    async remove(endpointName) {
      const endpoint = endpoints.get(endpointName);
      if (endpoint === undefined || endpoint.pending === 'removal') return;
      refuseWhileChanging(endpoint);
      endpoint.pending = 'removal';
      time.after(20 * SECOND, () => {
        endpoints.delete(endpointName);
        for (const listener of changed) listener(endpointName);
      });
    },
    async prune() {},
    onChange: (listener) => void changed.push(listener),
    onDeploy: (listener) => void accepted.push(listener),
    live: (endpointName) => endpoints.get(endpointName)?.live ?? null,
    isChanging: (endpointName) => endpoints.get(endpointName)?.pending != null,
    hasAnsweredWrongly: (configName) => refuted.has(configName),
  };
}
