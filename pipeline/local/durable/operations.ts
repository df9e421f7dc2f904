// What a checkpoint update, the clock or a caller does to one operation. Pure: the state machine
// of the service, taken from the SDK's wire model and its local test server.
import type { ErrorObject, OperationUpdate, WireOperation } from '@aws/durable-execution-sdk-js';

/** An operation as it is stored: what the SDK sees, and when the engine must touch it. */
export interface StoredOperation {
  readonly wire: WireOperation;
  /** Epoch milliseconds at which a wait ends, a retry starts or a callback expires; else null. */
  readonly dueAt: number | null;
}

export interface UpdateInput {
  readonly update: OperationUpdate;
  /** The operation before; undefined when this update creates it. */
  readonly existing: StoredOperation | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly createCallbackId: () => string;
}

/** The operation after a valid update; `checkUpdate` says which are. */
export function applyUpdate(input: UpdateInput): StoredOperation {
  switch (input.update.Type) {
    case 'STEP':
      return applyToStep(input);
    case 'CONTEXT':
      return applyToContext(input);
    case 'WAIT':
      return applyToWait(input);
    case 'CALLBACK':
      return applyToCallback(input);
    default:
      throw new TypeError(`No operation of type ${input.update.Type} is stored.`);
  }
}

/** The operation once its due time has passed: a wait ends, a retry is ready, a callback expired. */
export function applyDueTime({ wire, dueAt }: StoredOperation, now: number): StoredOperation {
  if (dueAt === null || dueAt > now) return { wire, dueAt };
  const EndTimestamp = toTimestamp(now);
  switch (wire.Type) {
    case 'STEP':
      return { wire: { ...wire, Status: 'READY' }, dueAt: null };
    case 'WAIT':
      return { wire: { ...wire, Status: 'SUCCEEDED', EndTimestamp }, dueAt: null };
    default: {
      const error = { ErrorMessage: 'Callback timed out' };
      const CallbackDetails = { ...wire.CallbackDetails, Error: error };
      return { wire: { ...wire, Status: 'TIMED_OUT', EndTimestamp, CallbackDetails }, dueAt: null };
    }
  }
}

/** The callback operation after it was answered. */
export function completeCallback(
  { wire }: StoredOperation,
  answer: { readonly payload: string } | { readonly error: ErrorObject },
  now: number,
): StoredOperation {
  const isSuccess = 'payload' in answer;
  const CallbackDetails = {
    CallbackId: wire.CallbackDetails?.CallbackId,
    ...(isSuccess ? { Result: answer.payload } : { Error: answer.error }),
  };
  const Status = isSuccess ? 'SUCCEEDED' : 'FAILED';
  return {
    wire: { ...wire, Status, EndTimestamp: toTimestamp(now), CallbackDetails },
    dueAt: null,
  };
}

/** Whether the execution may suspend on this operation. */
export function isPending({ Type, Status }: WireOperation): boolean {
  if (Type === 'STEP') return Status === 'PENDING' || Status === 'READY';
  return (Type === 'WAIT' || Type === 'CALLBACK') && Status === 'STARTED';
}

/**
 * The operations an invocation gets: all but those under a finished context, unless
 * that context asked to replay its children. `operations` lists parents before children.
 */
export function withoutFinishedChildren(operations: readonly WireOperation[]): WireOperation[] {
  const byId = new Map(operations.map((operation) => [operation.Id, operation]));
  const left = new Set<string | undefined>();
  return operations.filter((operation) => {
    const parent = operation.ParentId === undefined ? undefined : byId.get(operation.ParentId);
    if (parent === undefined) return true;
    const isFinished = parent.Status === 'SUCCEEDED' || parent.Status === 'FAILED';
    const isLeft =
      left.has(parent.Id) || (isFinished && parent.ContextDetails?.ReplayChildren !== true);
    if (isLeft) left.add(operation.Id);
    return !isLeft;
  });
}

function applyToStep({ update, existing, now }: UpdateInput): StoredOperation {
  const wire = existing?.wire ?? started(update, now);
  const finishedAttempts = wire.StepDetails?.Attempt ?? 0;
  if (update.Action === 'START') {
    // Result stays: it is the state of a waitForCondition, and a crash in this attempt needs it.
    const { NextAttemptTimestamp: _, ...StepDetails } = wire.StepDetails ?? {};
    return { wire: { ...wire, Status: 'STARTED', StepDetails }, dueAt: null };
  }
  const StepDetails = {
    Attempt: finishedAttempts + 1,
    Result: update.Payload,
    Error: update.Error,
  };
  if (update.Action === 'RETRY') {
    const dueAt = now + (update.StepOptions?.NextAttemptDelaySeconds ?? 0) * 1_000;
    const NextAttemptTimestamp = toTimestamp(dueAt);
    return {
      wire: { ...wire, Status: 'PENDING', StepDetails: { ...StepDetails, NextAttemptTimestamp } },
      dueAt,
    };
  }
  return { wire: { ...ended(wire, update, now), StepDetails }, dueAt: null };
}

function applyToContext({ update, existing, now }: UpdateInput): StoredOperation {
  const wire = existing?.wire ?? started(update, now);
  const ReplayChildren =
    update.ContextOptions?.ReplayChildren ?? wire.ContextDetails?.ReplayChildren;
  if (update.Action === 'START') {
    return { wire: { ...wire, ContextDetails: { ReplayChildren } }, dueAt: null };
  }
  const ContextDetails = { ReplayChildren, Result: update.Payload, Error: update.Error };
  return { wire: { ...ended(wire, update, now), ContextDetails }, dueAt: null };
}

function applyToWait({ update, existing, now }: UpdateInput): StoredOperation {
  if (existing !== undefined) return { wire: ended(existing.wire, update, now), dueAt: null };
  const dueAt = now + (update.WaitOptions?.WaitSeconds ?? 0) * 1_000;
  const WaitDetails = { ScheduledEndTimestamp: toTimestamp(dueAt) };
  return { wire: { ...started(update, now), WaitDetails }, dueAt };
}

function applyToCallback({ update, existing, now, createCallbackId }: UpdateInput) {
  if (existing !== undefined) return { wire: ended(existing.wire, update, now), dueAt: null };
  const seconds = update.CallbackOptions?.TimeoutSeconds;
  const CallbackDetails = { CallbackId: createCallbackId() };
  return {
    wire: { ...started(update, now), CallbackDetails },
    dueAt: seconds === undefined ? null : now + seconds * 1_000,
  };
}

function started(update: OperationUpdate, now: number): WireOperation {
  const { Id, ParentId, Name, Type, SubType } = update;
  const StartTimestamp = toTimestamp(now);
  return { Id, ParentId, Name, Type, SubType, Status: 'STARTED', StartTimestamp };
}

function ended(wire: WireOperation, { Action }: OperationUpdate, now: number): WireOperation {
  const Status = Action === 'SUCCEED' ? 'SUCCEEDED' : Action === 'FAIL' ? 'FAILED' : 'CANCELLED';
  return { ...wire, Status, EndTimestamp: toTimestamp(now) };
}

function toTimestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
