// The service's side of a checkpoint, over SQLite. It reproduces the operation state machine,
// checkpoint tokens, ClientToken idempotency, paging, pruning under finished contexts and the
// limits on operations and payloads. It does not reproduce: chained invokes, callback heartbeats
// (both refused by name), tenants, encryption, throttling, the 100 MB limit per execution.
import { randomBytes, randomUUID } from 'node:crypto';
import {
  type DurableExecutionClient,
  DurableExecutionClientError,
  isDurableExecutionClientError,
  type OperationUpdate,
  DurableExecutionClientErrorScope as Scope,
} from '@aws/durable-execution-sdk-js';
import type { Clock } from '../../core/ports.ts';
import { type Database, transact } from '../database.ts';
import { checkUpdate, MAXIMUM_OPERATIONS } from './check-update.ts';
import {
  createExecutionStore,
  type Execution,
  type ExecutionState,
  type ExecutionStore,
  toExecutionId,
} from './execution-store.ts';
import { createHistories, type Histories, type History } from './histories.ts';
import { createOperationStore, type OperationStore } from './operation-store.ts';
import { applyUpdate, withoutFinishedChildren } from './operations.ts';
import { executionOperation, pageOf } from './state-page.ts';

/**
 * The transport to give `withDurableExecution`. Each checkpoint is one transaction: its whole
 * batch and the next token are durable when it resolves, or nothing is. It rejects with scope
 * INVOCATION for a stale token or a failing disk (another invocation may go on) and with scope
 * EXECUTION for a request no retry can repair (unknown or ended execution, invalid update).
 */
export function createDurableClient(options: {
  readonly database: Database;
  readonly clock: Clock;
  /** Those of the engine, which then share what they hold in memory. */
  readonly executions?: ExecutionStore;
  readonly operations?: OperationStore;
  readonly histories?: Histories;
}): DurableExecutionClient {
  const {
    database,
    clock,
    executions = createExecutionStore(database),
    operations = createOperationStore(database),
    histories = createHistories(operations),
  } = options;

  function assertRunning<T extends ExecutionState>(execution: T | undefined, arn?: string): T {
    if (execution === undefined) throw refusal(Scope.EXECUTION, `There is no execution ${arn}.`);
    if (execution.status === 'RUNNING') return execution;
    throw refusal(Scope.EXECUTION, `The execution ${execution.name} is ${execution.status}.`);
  }

  function apply(
    { id }: ExecutionState,
    history: History,
    update: OperationUpdate,
    now: number,
  ): void {
    const existing = history.get(update.Id ?? '');
    const parent = update.ParentId ? history.get(update.ParentId) : undefined;
    const problem = checkUpdate(update, existing?.wire, parent?.wire);
    if (problem !== null) throw refusal(Scope.EXECUTION, problem);
    if (update.Type === 'EXECUTION') {
      // The SDK's way to hand over a result above 6 MB; the execution ends here.
      const ending =
        update.Action === 'SUCCEED'
          ? ({ status: 'SUCCEEDED', result: update.Payload ?? null } as const)
          : ({ status: 'FAILED', error: update.Error ?? {} } as const);
      executions.end(id, ending, now);
      return;
    }
    if (existing === undefined && history.count() >= MAXIMUM_OPERATIONS) {
      throw refusal(Scope.EXECUTION, `An execution has at most ${MAXIMUM_OPERATIONS} operations.`);
    }
    history.put(applyUpdate({ update, existing, now, createCallbackId }));
  }

  type Request = Parameters<DurableExecutionClient['checkpoint']>[0];
  type Response = Awaited<ReturnType<DurableExecutionClient['checkpoint']>>;

  /** The answer to a checkpoint whose token was used already: the same one, if it is the same. */
  function repeated(
    { id, token, lastRequest }: ExecutionState,
    { CheckpointToken, ClientToken }: Request,
  ): Response {
    if (
      lastRequest === null ||
      lastRequest.clientToken !== ClientToken ||
      lastRequest.checkpointToken !== CheckpointToken
    ) {
      throw refusal(Scope.INVOCATION, 'Invalid Checkpoint Token: another one is in use.');
    }
    const Operations = lastRequest.operationIds.flatMap(
      (operationId) => operations.get(id, operationId)?.wire ?? [],
    );
    return { CheckpointToken: token ?? undefined, NewExecutionState: { Operations } };
  }

  return {
    async checkpoint(request) {
      const { DurableExecutionArn, CheckpointToken, ClientToken, Updates = [] } = request;
      let keep = () => {};
      const response = guarded(database, (): Response => {
        const id = toExecutionId(DurableExecutionArn ?? '');
        const execution = assertRunning(executions.state(id), DurableExecutionArn);
        if (execution.token !== CheckpointToken || CheckpointToken === undefined) {
          return repeated(execution, request);
        }
        const now = clock.now().getTime();
        const history = histories.open(id, CheckpointToken);
        history.applyDueTimes(now);
        for (const update of Updates) apply(execution, history, update, now);
        const Operations = history.takeUnseen();
        const token = createToken();
        const made = ClientToken === undefined ? null : { clientToken: ClientToken };
        executions.advance(
          id,
          token,
          made && {
            ...made,
            checkpointToken: CheckpointToken,
            operationIds: Operations.map((operation) => operation.Id ?? ''),
          },
          Updates.length > 0,
        );
        keep = () => histories.keep(id, token, history);
        return { CheckpointToken: token, NewExecutionState: { Operations } };
      });
      keep();
      return response;
    },

    async getExecutionState({ DurableExecutionArn, CheckpointToken, Marker, MaxItems }) {
      return guarded(database, () => {
        const found = executions.byId(toExecutionId(DurableExecutionArn ?? ''));
        const execution: Execution = assertRunning(found, DurableExecutionArn);
        if (execution.token !== CheckpointToken) {
          throw refusal(Scope.INVOCATION, 'Invalid Checkpoint Token: another one is in use.');
        }
        const stored = operations.all(execution.id).map(({ wire }) => wire);
        const all = [executionOperation(execution), ...stored];
        return pageOf(withoutFinishedChildren(all), Marker, MaxItems);
      });
    },
  };
}

/** A checkpoint token: opaque, never used twice. */
export function createToken(): string {
  return randomUUID();
}

/** Opaque and unguessable, so that knowing an execution is not enough to answer its callbacks. */
function createCallbackId(): string {
  return randomBytes(32).toString('base64url');
}

function refusal(scope: Scope, message: string): DurableExecutionClientError {
  return new DurableExecutionClientError(message, { scope });
}

function guarded<T>(database: Database, work: () => T): T {
  try {
    return transact(database, work);
  } catch (cause) {
    if (isDurableExecutionClientError(cause)) throw cause;
    throw new DurableExecutionClientError('The local database failed.', {
      scope: Scope.INVOCATION,
      cause,
    });
  }
}
