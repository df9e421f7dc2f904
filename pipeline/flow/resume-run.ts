import type { RunId } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';

/** Makes a parked run check again what it is waiting for; harmless when it is not parked. */
export async function resumeRun(
  deps: Pick<FlowDeps, 'callbacks' | 'executions'>,
  runId: RunId,
): Promise<void> {
  const callbackId = await deps.callbacks.parked(runId);
  if (callbackId !== null) await deps.executions.succeedCallback(callbackId, '');
}
