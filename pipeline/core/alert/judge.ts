import type { ModelConfig } from '../config.ts';
import type { EndpointDescription } from '../ports.ts';
import type { Instant } from '../run.ts';
import type { AlertKind, EndpointAlertKind, Observation } from './alert.ts';

/** Rounding must not decide: a figure of exactly the threshold is no breach. */
const EPSILON = 1e-9;

/** Looks in a row that open or end an alert. Evaluations are rare, and each is a whole test set. */
export function looksNeeded({ alerts }: ModelConfig, kind: AlertKind): number {
  return kind === 'metric' ? 1 : alerts.consecutive;
}

/**
 * The requests since the last look at this endpoint; null while they are too few to judge, so an
 * idle endpoint costs nothing and one failed request of two is no alert.
 */
export function judgeEndpoint(input: {
  readonly kind: EndpointAlertKind;
  readonly config: ModelConfig;
  readonly endpoint: EndpointDescription;
  readonly version: number;
  readonly last: Observation | null;
  readonly at: Instant;
}): Observation | null {
  const { kind, config, endpoint, version, last, at } = input;
  const { configName, invocations, serverErrors, p95Milliseconds } = endpoint;
  if (configName === null || endpoint.status !== 'InService') return null;
  const from = startOf(endpoint, last);
  const sample = invocations - from.invocations;
  if (sample < config.alerts.minimumRequests) return null;
  const { maxErrorRate, maxP95Milliseconds } = config.alerts;
  const figures: Readonly<Record<EndpointAlertKind, readonly [number | null, number]>> = {
    error_rate: [(serverErrors - from.serverErrors) / sample, maxErrorRate],
    latency: [p95Milliseconds, maxP95Milliseconds],
  };
  const [value, threshold] = figures[kind];
  if (value === null) return null;
  return {
    at,
    version,
    value,
    baseline: null,
    threshold,
    isBreach: value > threshold + EPSILON,
    sample,
    source: { kind: 'endpoint', configName, invocations, serverErrors },
  };
}

/** Counters start at zero with each configuration, and may after a restart. */
function startOf(endpoint: EndpointDescription, last: Observation | null) {
  const zero = { invocations: 0, serverErrors: 0 };
  if (last?.source.kind !== 'endpoint' || last.source.configName !== endpoint.configName) {
    return zero;
  }
  const { invocations, serverErrors } = last.source;
  const wentBack = invocations > endpoint.invocations || serverErrors > endpoint.serverErrors;
  return wentBack ? zero : { invocations, serverErrors };
}
