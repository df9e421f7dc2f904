import { inspect } from 'node:util';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { maskSecrets } from '../../core/mask-secrets.ts';
import type { ErrorLog } from '../../core/ports.ts';

export interface Telemetry {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** For the parts that log sentences. */
  readonly log: (line: string) => void;
  /** For the errors of durable steps. */
  readonly logError: ErrorLog;
  /**
   * Runs the work of one invocation: its lines carry the keys (`runId`, …), its metrics are written
   * out at the end. Lambda itself reports cold starts in its log.
   */
  observe<T>(keys: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T>;
}

/**
 * Structured logs and metrics of one function; `service` is its name. Every text that is logged, the
 * fields and stacks of errors included, loses what looks like a secret.
 */
export function createTelemetry(service: string): Telemetry {
  let made: Logger | null = null;
  let keysOfWork: Readonly<Record<string, string>> = {};
  // For the first line: most requests log nothing, and making it is a part of every cold start.
  const logger = (): Logger => {
    if (made === null) {
      made = new Logger({ serviceName: service, jsonReplacerFn: maskField });
      made.appendKeys({ ...keysOfWork });
    }
    return made;
  };
  const metrics = new Metrics({ serviceName: service });
  return {
    get logger() {
      return logger();
    },
    metrics,
    log: (line) => logger().warn(line),
    logError: ({ message, runId, step, error }) =>
      logger().error(message, { runId, step, error: inspect(error) }),
    async observe(keys, work) {
      keysOfWork = keys;
      made?.appendKeys({ ...keys });
      try {
        return await work();
      } catch (error) {
        metrics.addMetric('Failures', MetricUnit.Count, 1);
        logger().error(
          'The work failed.',
          error instanceof Error ? error : new Error(String(error)),
        );
        throw error;
      } finally {
        keysOfWork = {};
        made?.removeKeys(Object.keys(keys));
        // With nothing to write, it would write a warning.
        if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
      }
    },
  };
}

function maskField(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  // Its name may be all that tells a secret: {"password": "…"}.
  const named = `${name}: `;
  const masked = maskSecrets(`${named}${value}`);
  return masked.startsWith(named) ? masked.slice(named.length) : maskSecrets(value);
}
