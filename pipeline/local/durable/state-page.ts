import type { WireOperation } from '@aws/durable-execution-sdk-js';
import type { Execution } from './execution-store.ts';

/** Most operations in one page of execution state, as in the service. */
const PAGE_SIZE = 1_000;

/** The operation that stands for the execution itself; always the first the SDK is given. */
export function executionOperation(execution: Execution): WireOperation {
  return {
    Id: execution.id,
    Type: 'EXECUTION',
    Status: 'STARTED',
    StartTimestamp: new Date(execution.startedAt).toISOString(),
    ExecutionDetails: { InputPayload: execution.input },
  };
}

/** The page of `all` that starts at `marker`; `NextMarker` is undefined on the last one. */
export function pageOf(
  all: readonly WireOperation[],
  marker?: string,
  size = PAGE_SIZE,
): { Operations: WireOperation[]; NextMarker: string | undefined } {
  const from = marker === undefined ? 0 : Number(marker);
  const to = from + Math.min(size, PAGE_SIZE);
  return {
    Operations: all.slice(from, to),
    NextMarker: to < all.length ? String(to) : undefined,
  };
}
