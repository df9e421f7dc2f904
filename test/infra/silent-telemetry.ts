import type { Telemetry } from '../../pipeline/aws/lambda/telemetry.ts';

/** Telemetry that says nothing and remembers what was counted. */
export function silentTelemetry(): Telemetry & { readonly counted: string[] } {
  const counted: string[] = [];
  const silent = () => undefined;
  return {
    counted,
    logger: { info: silent, warn: silent, error: silent } as unknown as Telemetry['logger'],
    metrics: {
      addMetric: (name: string) => counted.push(name),
    } as unknown as Telemetry['metrics'],
    log: silent,
    logError: silent,
    observe: (_, work) => work(),
  };
}
