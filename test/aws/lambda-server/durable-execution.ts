import {
  type CheckpointDurableExecutionRequest,
  type DurableExecutionClient,
  DurableExecutionInvocationInputWithClient,
  type DurableLambdaHandler,
  OperationAction,
  OperationStatus,
  OperationType,
  type WireOperation,
} from '@aws/durable-execution-sdk-js';
import { LocalDurableTestRunner } from '@aws/durable-execution-sdk-js-testing';
import type { Scheduler } from '../../../pipeline/local/durable/alarm.ts';
import { ServiceError } from '../service-error.ts';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';

export type DurableExecution = ReturnType<typeof startDurableExecution>;

/** Operations an event carries; the rest is asked for. Small, so that asking is tested. */
const EVENT_PAGE = 25;
const START = 'start';

interface OpenCallback {
  readonly operationId: string;
  readonly timer: unknown;
}

/** What the handler is asked with at the moment, and the runner's side of it. */
interface Invocation {
  readonly runnerId: string;
  readonly client: DurableExecutionClient;
  readonly operations: readonly WireOperation[];
}

/**
 * One execution on AWS's `LocalDurableTestRunner`. The handler gets its event as JSON, and keeps its
 * journal through Lambda's API like a deployed one, because the runner's own client is held back and
 * used on the other side of the wire.
 */
export function startDurableExecution(options: {
  readonly arn: string;
  readonly payload: unknown;
  readonly handler: DurableLambdaHandler;
  readonly scheduler: Scheduler;
  readonly onChange: () => void;
  readonly onEnd: (status: ExecutionStatus) => void;
  /** The handler threw, or the runner itself did. */
  readonly onTrouble: (error: unknown) => void;
}) {
  const { arn, payload, handler, scheduler, onChange, onEnd, onTrouble } = options;
  const callbacks = new Map<string, OpenCallback>();
  const timedOut = new Set<string>();
  /** What the runner will invoke the handler for, and has not yet. */
  const unseen = new Set<string>([START]);
  let status: ExecutionStatus = 'RUNNING';
  let invocation: Invocation | null = null;
  let isInvoked = false;

  const runner = new LocalDurableTestRunner({ handlerFunction: invoke });
  runner.run({ payload }).then(
    () => {},
    (error: unknown) => {
      onTrouble(error);
      end('FAILED');
    },
  );

  async function invoke(...[event, context]: Parameters<DurableLambdaHandler>) {
    if (!DurableExecutionInvocationInputWithClient.isInstance(event)) {
      throw new Error('The runner hands its client over in another way by now.');
    }
    const operations = event.InitialExecutionState.Operations;
    invocation = {
      runnerId: event.DurableExecutionArn,
      client: event.durableExecutionClient,
      operations,
    };
    isInvoked = true;
    unseen.delete(START);
    publish(operations);
    try {
      const output = await handler(
        asJson({
          DurableExecutionArn: arn,
          CheckpointToken: event.CheckpointToken,
          InitialExecutionState: {
            Operations: operations.slice(0, EVENT_PAGE),
            NextMarker: operations.length > EVENT_PAGE ? String(EVENT_PAGE) : '',
          },
        }),
        { ...context, invokedFunctionArn: arn.slice(0, arn.indexOf('/')) },
      );
      if (output.Status !== 'PENDING') end(output.Status);
      return asJson(output);
    } finally {
      isInvoked = false;
      onChange();
    }
  }

  /** The handler learns of these operations. */
  function publish(operations: readonly WireOperation[]): void {
    for (const { Id = '', Status, CallbackDetails } of operations) {
      if (Status === OperationStatus.STARTED || Status === OperationStatus.PENDING) continue;
      unseen.delete(Id);
      if (Status !== OperationStatus.TIMED_OUT) continue;
      timedOut.add(Id);
      const { CallbackId = '' } = CallbackDetails ?? {};
      if (callbacks.has(CallbackId)) close(CallbackId);
    }
    onChange();
  }

  function close(callbackId: string): OpenCallback {
    const open = callbacks.get(callbackId);
    if (open === undefined) {
      throw new ServiceError('CallbackTimeoutException', 'The callback is closed.');
    }
    callbacks.delete(callbackId);
    scheduler.clearTimeout(open.timer);
    return open;
  }

  async function succeed(callbackId: string, result: string): Promise<void> {
    const { operationId } = close(callbackId);
    unseen.add(operationId);
    const operation = runner.getOperationById(operationId);
    await operation.waitForData();
    await operation.sendCallbackSuccess(result);
  }

  function end(ending: ExecutionStatus): void {
    if (status !== 'RUNNING') return;
    status = ending;
    for (const callbackId of [...callbacks.keys()]) close(callbackId);
    onEnd(ending);
    onChange();
  }

  function current(): Invocation {
    if (invocation === null || status !== 'RUNNING') throw refused('Invalid checkpoint token.');
    return invocation;
  }

  return {
    payload,
    status: () => status,
    /** Whether nothing happens until a callback is answered or times out. */
    isParked: () => status !== 'RUNNING' || (!isInvoked && unseen.size === 0),
    /** Callbacks that were not answered in time, by the runner's own clock. */
    timeouts: () => timedOut.size,
    has: (callbackId: string) => callbacks.has(callbackId),
    succeed,
    cutOff: () => end('TIMED_OUT'),
    async checkpoint(request: CheckpointDurableExecutionRequest) {
      const { runnerId, client } = current();
      const { Updates = [] } = request;
      for (const { Action, Id = '' } of Updates) {
        if (Action === OperationAction.RETRY) unseen.add(Id);
      }
      const response = await client
        .checkpoint({ ...request, DurableExecutionArn: runnerId })
        .catch((error: Error) => {
          throw refused(error.message);
        });
      const operations = response.NewExecutionState?.Operations ?? [];
      for (const { Type, Action, Id = '', CallbackOptions } of Updates) {
        if (Type !== OperationType.CALLBACK || Action !== OperationAction.START) continue;
        const made = operations.find((operation) => operation.Id === Id);
        const callbackId = made?.CallbackDetails?.CallbackId ?? '';
        const seconds = CallbackOptions?.TimeoutSeconds ?? Number.POSITIVE_INFINITY;
        // The runner's timers are real; where time moves by hand, the run is resumed instead.
        const timer = scheduler.setTimeout(() => void succeed(callbackId, ''), seconds * 1000);
        callbacks.set(callbackId, { operationId: Id, timer });
      }
      publish(operations);
      return response;
    },
    state: (marker: number) => ({ Operations: current().operations.slice(marker) }),
  };
}

function refused(message: string): ServiceError {
  return new ServiceError('InvalidParameterValueException', message);
}

/** As it comes out on the other side of a wire: times are text there. */
function asJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}
