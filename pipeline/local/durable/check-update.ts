import type { OperationUpdate, WireOperation } from '@aws/durable-execution-sdk-js';

/** Hard limit of the service on the operations of one execution (Lambda quotas). */
export const MAXIMUM_OPERATIONS = 3_000;
/** Largest payload of a checkpoint, a callback answer or an execution's input, in bytes. */
export const MAXIMUM_PAYLOAD_BYTES = 256 * 1024;
/** Largest update that carries an error, in bytes. */
const MAXIMUM_ERROR_BYTES = 32 * 1024;

type Status = WireOperation['Status'];

/** Statuses an action may come from; `undefined` stands for "the operation is new". */
const ALLOWED_BEFORE: Readonly<Record<string, readonly Status[]>> = {
  'STEP START': [undefined, 'READY'],
  'STEP SUCCEED': [undefined, 'STARTED', 'READY'],
  'STEP FAIL': [undefined, 'STARTED', 'READY'],
  'STEP RETRY': [undefined, 'STARTED', 'READY'],
  'CONTEXT START': [undefined],
  'CONTEXT SUCCEED': [undefined, 'STARTED'],
  'CONTEXT FAIL': [undefined, 'STARTED'],
  'WAIT START': [undefined],
  'WAIT CANCEL': ['STARTED'],
  'CALLBACK START': [undefined],
  'CALLBACK CANCEL': ['STARTED'],
};

/** Why the service would refuse this update, as a sentence; null when it would not. */
export function checkUpdate(
  update: OperationUpdate,
  existing: WireOperation | undefined,
  parent: WireOperation | undefined,
): string | null {
  const label = `${update.Type} ${update.Action}`;
  if (!update.Id) return 'An operation update needs an Id.';
  if (update.Type === 'EXECUTION') return null;
  if (update.Type === 'CHAINED_INVOKE') {
    return 'context.invoke is not available in the local engine; call the code from a step.';
  }
  if (update.CallbackOptions?.HeartbeatTimeoutSeconds !== undefined) {
    return 'heartbeatTimeout is not available in the local engine; use timeout.';
  }
  const allowed = ALLOWED_BEFORE[label];
  if (allowed === undefined) return `${label} is not a valid action.`;
  if (existing !== undefined && existing.Type !== update.Type) {
    return `${label} names an operation of type ${existing.Type}.`;
  }
  if (!allowed.includes(existing?.Status)) {
    return `${label} is not possible from ${existing?.Status ?? 'nothing'} ("${update.Name ?? update.Id}").`;
  }
  if (update.ParentId && parent?.Type !== 'CONTEXT') return `${label} names an unknown parent.`;
  if (update.Action === 'RETRY' && update.StepOptions == null) return `${label} needs StepOptions.`;
  if (update.Payload != null && update.Error != null) return `${label} has a payload and an error.`;
  if (byteLength(update.Payload) > MAXIMUM_PAYLOAD_BYTES) {
    return `The result of "${update.Name ?? update.Id}" is larger than ${MAXIMUM_PAYLOAD_BYTES} bytes; store it and return its key.`;
  }
  if (update.Error != null && byteLength(JSON.stringify(update)) > MAXIMUM_ERROR_BYTES) {
    return `The error of "${update.Name ?? update.Id}" is larger than ${MAXIMUM_ERROR_BYTES} bytes; shorten it.`;
  }
  return null;
}

/** UTF-8 length. */
export function byteLength(text: string | undefined): number {
  return text === undefined ? 0 : Buffer.byteLength(text, 'utf8');
}
