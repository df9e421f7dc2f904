import type { ErrorObject } from '@aws/durable-execution-sdk-js';
import { MlopsError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports.ts';
import { type Database, transact } from '../database.ts';
import { byteLength, MAXIMUM_PAYLOAD_BYTES } from './check-update.ts';
import type { ExecutionStore } from './execution-store.ts';
import type { OperationStore } from './operation-store.ts';
import { applyDueTime, completeCallback } from './operations.ts';

export type CallbackAnswer = { readonly payload: string } | { readonly error: ErrorObject };

export function createCallbacks(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly executions: ExecutionStore;
  readonly operations: OperationStore;
}) {
  const { database, clock, executions, operations } = options;

  /**
   * Answers the callback once. Returns the name of the execution to resume, or null when the
   * callback is unknown, answered, expired (even if not yet marked so) or of an ended execution.
   * @throws {MlopsError} `CONFLICT` for an answer the service would find too large.
   */
  return function answer(callbackId: string, given: CallbackAnswer): string | null {
    const text = 'payload' in given ? given.payload : JSON.stringify(given.error);
    if (byteLength(text) > MAXIMUM_PAYLOAD_BYTES) {
      throw new MlopsError(
        'CONFLICT',
        `A callback answer is larger than ${MAXIMUM_PAYLOAD_BYTES} bytes.`,
      );
    }
    return transact(database, () => {
      const found = operations.byCallback(callbackId);
      const execution = found && executions.byId(found.executionId);
      if (found === undefined || execution?.status !== 'RUNNING') return null;
      const now = clock.now().getTime();
      const { Status } = applyDueTime(found.operation, now).wire;
      if (Status !== 'STARTED') return null;
      operations.put(execution.id, completeCallback(found.operation, given, now));
      return execution.name;
    });
  };
}
