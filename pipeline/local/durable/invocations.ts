// The two ends of an invocation: what the handler is given, and what its answer does.
import type {
  DurableExecutionInvocationInput,
  DurableExecutionInvocationOutput,
} from '@aws/durable-execution-sdk-js';
import { backOff } from '../../core/back-off.ts';
import type { Clock } from '../../core/ports.ts';
import { type Database, transact } from '../database.ts';
import { createToken } from './client.ts';
import {
  type Ending,
  type Execution,
  type ExecutionState,
  type ExecutionStore,
  toArn,
} from './execution-store.ts';
import type { Histories } from './histories.ts';
import { isPending, withoutFinishedChildren } from './operations.ts';
import { executionOperation, pageOf } from './state-page.ts';

/** Invocations in a row that may break without one checkpoint before the execution fails. */
const MAXIMUM_CRASHES = 8;
/** Pauses between them, in milliseconds. */
const BACK_OFF = { first: 1_000, longest: 60_000 } as const;

export interface Invocation {
  readonly execution: Execution;
  readonly event: DurableExecutionInvocationInput;
}

/** How an invocation ended: the handler's answer, or what it (or the transport) threw. */
export type InvocationOutcome =
  | { readonly kind: 'answered'; readonly output: DurableExecutionInvocationOutput }
  | { readonly kind: 'crashed'; readonly error: unknown }
  /** The engine is closing and cut the invocation between two steps. */
  | { readonly kind: 'cut' };

/** `again`: something changed while it was parking, so the next invocation starts at once. */
export type Settlement = 'ended' | 'failed' | 'parked' | 'again';

export function createInvocations(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly executions: ExecutionStore;
  readonly histories: Histories;
  readonly random: () => number;
}) {
  const { database, clock, executions, histories, random } = options;
  const now = () => clock.now().getTime();

  function end(execution: ExecutionState, ending: Ending): Settlement {
    executions.end(execution.id, ending, now());
    return ending.status === 'FAILED' ? 'failed' : 'ended';
  }

  function settleCrash(execution: ExecutionState, error: unknown): Settlement {
    if (execution.crashes + 1 >= MAXIMUM_CRASHES) {
      return end(execution, { status: 'FAILED', error: toErrorObject(error) });
    }
    const pause = backOff({ ...BACK_OFF, failures: execution.crashes + 1, random: random() });
    executions.park(execution.id, now() + Math.round(pause), true);
    return 'parked';
  }

  function settlePending(execution: ExecutionState): Settlement {
    const history = histories.open(execution.id, execution.token);
    if (history.hasUnseen()) {
      executions.park(execution.id, now(), false);
      return 'again';
    }
    if (!history.all().some(({ wire }) => isPending(wire))) {
      const ErrorMessage = 'Cannot return PENDING status with no pending operations.';
      const error = { ErrorType: 'InvalidParameterValueException', ErrorMessage };
      return end(execution, { status: 'FAILED', error });
    }
    const due = history.all().flatMap(({ dueAt }) => dueAt ?? []);
    executions.park(execution.id, due.length === 0 ? null : Math.min(...due), false);
    return 'parked';
  }

  return {
    /** Opens the next invocation, which fences off every earlier one; null when it has ended. */
    begin(name: string): Invocation | null {
      let keep = () => {};
      const invocation = transact(database, (): Invocation | null => {
        const before = executions.byName(name);
        if (before === undefined || before.status !== 'RUNNING') return null;
        const history = histories.open(before.id, null);
        history.applyDueTimes(now());
        const updated = history.takeUnseen().map((operation) => operation.Id ?? '');
        const token = createToken();
        executions.begin(before.id, token);
        keep = () => histories.keep(before.id, token, history);
        const execution = { ...before, invocation: before.invocation + 1, token };
        const all = [executionOperation(execution), ...history.all().map(({ wire }) => wire)];
        const event: DurableExecutionInvocationInput = {
          DurableExecutionArn: toArn(execution),
          CheckpointToken: token,
          InitialExecutionState: pageOf(withoutFinishedChildren(all)),
          ...(before.invocation > 0 && { UpdatedOperationIds: updated }),
        };
        return { execution, event };
      });
      keep();
      return invocation;
    },

    /** Writes down how the invocation ended; one that was fenced off or stopped changes nothing. */
    settle({ execution: begun }: Invocation, outcome: InvocationOutcome): Settlement {
      return transact(database, () => {
        const execution = executions.state(begun.id);
        if (execution?.status !== 'RUNNING' || execution.invocation !== begun.invocation) {
          return execution?.status === 'FAILED' ? 'failed' : 'ended';
        }
        if (outcome.kind === 'cut') {
          executions.park(execution.id, now(), false);
          return 'parked';
        }
        if (outcome.kind === 'crashed') return settleCrash(execution, outcome.error);
        const { output } = outcome;
        if (output.Status === 'PENDING') return settlePending(execution);
        if (output.Status === 'SUCCEEDED') {
          return end(execution, { status: 'SUCCEEDED', result: output.Result ?? null });
        }
        return end(execution, { status: 'FAILED', error: output.Error });
      });
    },
  };
}

function toErrorObject(error: unknown) {
  if (!(error instanceof Error)) return { ErrorType: 'Error', ErrorMessage: String(error) };
  return { ErrorType: error.name, ErrorMessage: error.message };
}
