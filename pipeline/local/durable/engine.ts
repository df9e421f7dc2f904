// Local stand-in for Lambda durable functions: the same handler, the same SDK, state in SQLite, and
// a run that survives `kill -9` between any two instructions. Reproduced: replay, retries, waits,
// callbacks and their timeouts, starts idempotent by name, stopping, invocation retries, retention.
// Not reproduced: the execution timeout, versions (a restart continues with today's code),
// the 15 minutes of one invocation, history events; see client.ts for the rest.
import { randomUUID } from 'node:crypto';
import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { MlopsError } from '../../core/errors.ts';
import { transact } from '../database.ts';
import { createAlarm, systemScheduler } from './alarm.ts';
import { createCallbacks } from './callbacks.ts';
import { assertStartable } from './check-start.ts';
import { createDurableClient } from './client.ts';
import { describe, summarize } from './describe.ts';
import type { DurableEngine, DurableEngineOptions, EngineLogEntry } from './durable-engine.ts';
import { createExecutionStore, toExecutionId } from './execution-store.ts';
import { createFailureReports } from './failure-reports.ts';
import { createGatedClient, type GateState } from './gated-client.ts';
import { createHistories } from './histories.ts';
import { createInvocations, type Invocation, type InvocationOutcome } from './invocations.ts';
import { createLambdaContext } from './lambda-context.ts';
import { createOperationStore } from './operation-store.ts';
import { withoutFinishedChildren } from './operations.ts';

const DAY_MILLISECONDS = 24 * 60 * 60 * 1_000;
/** Pause after the engine itself failed (a full disk), so that it does not spin. */
const TROUBLE_MILLISECONDS = 5_000;

/** The engine over one database; one engine per database at a time (see `acquireProcessLock`). */
export function createDurableEngine(options: DurableEngineOptions): DurableEngine {
  const { database, clock, scheduler = systemScheduler, log = logToConsole } = options;
  const executions = createExecutionStore(database);
  const operations = createOperationStore(database);
  const histories = createHistories(operations);
  const parts = { database, clock, executions, operations, histories };
  const { random = Math.random } = options;
  const invocations = createInvocations({ ...parts, random });
  const reports = createFailureReports({ ...options, executions, random, log });
  const answer = createCallbacks(parts);
  const inFlight = new Map<string, Promise<void>>();
  const waiters: (() => void)[] = [];
  /** Executions whose invocation could not be written to the database, and when to try again. */
  const stranded = { names: new Set<string>(), until: 0 };
  let state: GateState = 'open';
  const alarm = createAlarm({ clock, scheduler, onRing: resumeDue });
  const lambda = withDurableExecution(options.handler, {
    durableExecutionClient: createGatedClient({
      client: options.client ?? createDurableClient(parts),
      state: () => state,
      isInStep: (arn) =>
        withoutFinishedChildren(wiresOf(toExecutionId(arn))).some(
          ({ Type, Status }) => Type === 'STEP' && Status === 'STARTED',
        ),
    }),
  });

  const now = () => clock.now().getTime();
  const wiresOf = (id: string) => operations.all(id).map(({ wire }) => wire);

  function invoke(name: string): void {
    if (state !== 'open' || inFlight.has(name)) return;
    inFlight.set(name, run(name));
  }

  async function run(name: string): Promise<void> {
    // Lets `invoke` store the promise before anything can end.
    await Promise.resolve();
    let isAgain = false;
    try {
      const invocation = state === 'open' ? invocations.begin(name) : null;
      const outcome = invocation && (await call(invocation));
      // Once closed, the database may belong to another process already.
      if (invocation !== null && outcome !== null && state !== 'closed') {
        const settlement = invocations.settle(invocation, outcome);
        isAgain = settlement === 'again';
        if (settlement === 'failed') await reports.report(name);
      }
      if (invocation !== null) histories.drop(invocation.execution.id);
      inFlight.delete(name);
      if (isAgain) invoke(name);
      rearm();
    } catch (error) {
      inFlight.delete(name);
      postpone(error, name);
    }
  }

  async function call(invocation: Invocation): Promise<InvocationOutcome> {
    const { execution, event } = invocation;
    try {
      const output = await lambda(event, createLambdaContext(event.DurableExecutionArn));
      return { kind: 'answered', output };
    } catch (error) {
      if (state !== 'open') return { kind: 'cut' };
      log({ message: 'An invocation broke off.', execution: execution.name, error });
      return { kind: 'crashed', error };
    }
  }

  function resumeDue(): void {
    try {
      const again = [...stranded.names];
      stranded.names.clear();
      for (const name of again) invoke(name);
      for (const name of executions.due(now())) invoke(name);
      if ((reports.nextDue() ?? now() + 1) <= now()) void repeatReports();
      rearm();
    } catch (error) {
      postpone(error, null);
    }
  }

  async function repeatReports(): Promise<void> {
    try {
      await reports.repeatDue();
      rearm();
    } catch (error) {
      postpone(error, null);
    }
  }

  /** After every change: the one timer follows the earliest due time, and idle() is answered. */
  function rearm(): void {
    if (state !== 'open') return;
    const strandedUntil = stranded.names.size === 0 ? null : stranded.until;
    alarm.set(earliest(executions.nextResume(), strandedUntil, reports.nextDue()));
    if (isIdle()) for (const resolve of waiters.splice(0)) resolve();
  }

  /** The database itself failed: nothing is lost, everything is tried again a little later. */
  function postpone(error: unknown, execution: string | null): void {
    log({ message: 'The durable engine cannot use its database.', execution, error });
    if (state !== 'open') return;
    if (execution !== null) stranded.names.add(execution);
    stranded.until = now() + TROUBLE_MILLISECONDS;
    alarm.set(stranded.until);
    if (inFlight.size === 0) for (const resolve of waiters.splice(0)) resolve();
  }

  function isIdle(): boolean {
    if (inFlight.size > 0) return false;
    const at = executions.nextResume();
    return at === null || at > now();
  }

  function assertOpen(): void {
    if (state === 'open') return;
    throw new MlopsError('CONFLICT', 'The local engine is shutting down.', { retryable: true });
  }

  async function answerCallback(callbackId: string, given: Parameters<typeof answer>[1]) {
    assertOpen();
    const name = answer(callbackId, given);
    if (name !== null) invoke(name);
    // It may have expired while the clock was set forth, which no timer notices.
    else resumeDue();
    return { accepted: name !== null };
  }

  return {
    async start({ name, input }) {
      assertOpen();
      const text = JSON.stringify(input ?? {});
      assertStartable(name, text);
      const isNew = transact(database, () => {
        const existing = executions.byName(name);
        if (existing === undefined)
          executions.insert({ id: randomUUID(), name, input: text }, now());
        else if (existing.input !== text) {
          throw new MlopsError('CONFLICT', `${name} was already started with another input.`);
        }
        return existing === undefined;
      });
      if (isNew) invoke(name);
    },
    async isRunning(name) {
      const execution = executions.byName(name);
      return execution === undefined ? null : execution.status === 'RUNNING';
    },
    succeedCallback: (callbackId, payload) => answerCallback(callbackId, { payload }),
    failCallback: (callbackId, error) => answerCallback(callbackId, { error }),
    async stop(name, reason) {
      assertOpen();
      transact(database, () => {
        const execution = executions.byName(name);
        if (execution?.status !== 'RUNNING') return;
        const error = { ErrorType: 'ExecutionStopped', ErrorMessage: reason };
        executions.end(execution.id, { status: 'STOPPED', error }, now());
      });
      rearm();
    },
    describe(name) {
      const execution = executions.byName(name);
      return execution === undefined ? null : describe(execution, wiresOf(execution.id));
    },
    list: ({ status } = {}) => executions.list(status ?? null).map(summarize),
    async resume() {
      assertOpen();
      executions.prune(now() - (options.retentionDays ?? 14) * DAY_MILLISECONDS);
      for (const name of executions.running()) invoke(name);
      for (const { name } of executions.unreportedFailures()) await reports.report(name);
      rearm();
    },
    async close({ timeoutMilliseconds }) {
      if (state === 'open') state = 'closing';
      alarm.set(null);
      let handle: unknown;
      const timeout = new Promise<void>((resolve) => {
        handle = scheduler.setTimeout(resolve, timeoutMilliseconds);
      });
      await Promise.race([Promise.allSettled(inFlight.values()), timeout]);
      scheduler.clearTimeout(handle);
      state = 'closed';
      for (const resolve of waiters.splice(0)) resolve();
    },
    async idle() {
      if (state === 'open' && !isIdle()) await new Promise<void>((done) => waiters.push(done));
    },
    stats: () => ({
      invocations: inFlight.size,
      timers: alarm.isSet() ? 1 : 0,
      waiters: waiters.length,
    }),
  };
}

function earliest(...times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function logToConsole({ message, execution, error }: EngineLogEntry): void {
  console.error(message, ...(execution === null ? [] : [execution]), error ?? '');
}
