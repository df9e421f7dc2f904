import { executionOf } from '../core/names.ts';
import type { Continuation, RunId } from '../core/run.ts';

/** What starts an execution of the run: always the same name with the same input. */
export function executionFor(runId: RunId, continuation?: Continuation) {
  return continuation === undefined
    ? { name: runId, input: { runId } }
    : { name: executionOf(runId, continuation.part), input: { runId, ...continuation } };
}
