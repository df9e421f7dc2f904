/**
 * The failures that containers count themselves: each prints a line with this word
 * (`training/serving/toolkit_entry.py`), and a filter of the endpoint's log makes a metric of them.
 * Imports no SDK, because the stacks read it too.
 */
export const FAILED_EVENT = 'mlops.failed';

export const FAILURES_NAMESPACE = 'MlopsBot';

/** A filter for words, which survives what model servers put before a line, takes no dimensions. */
export function failureMetric(endpointName: string): string {
  return `ModelFailures/${endpointName}`;
}

export function endpointLogGroup(endpointName: string): string {
  return `/aws/sagemaker/Endpoints/${endpointName}`;
}
