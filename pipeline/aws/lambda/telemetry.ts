import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { maskSecrets } from '../../core/mask-secrets.ts';

export interface Telemetry {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** For the parts that log sentences, which lose what looks like a secret. */
  readonly log: (line: string) => void;
  /**
   * Runs the work of one invocation: its lines carry the keys (`runId`, …), its metrics are written
   * out at the end. Lambda itself reports cold starts in its log.
   */
  observe<T>(keys: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T>;
}

/** Structured logs and metrics of one function; `service` is its name. */
export function createTelemetry(service: string): Telemetry {
  const logger = new Logger({ serviceName: service });
  const metrics = new Metrics({ serviceName: service });
  return {
    logger,
    metrics,
    log: (line) => logger.warn(maskSecrets(line)),
    async observe(keys, work) {
      logger.appendKeys({ ...keys });
      try {
        return await work();
      } catch (error) {
        metrics.addMetric('Failures', MetricUnit.Count, 1);
        logger.error('The work failed.', error instanceof Error ? error : new Error(String(error)));
        throw error;
      } finally {
        logger.removeKeys(Object.keys(keys));
        // With nothing to write, it would write a warning.
        if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
      }
    },
  };
}
