import {
  CallbackTimeoutError,
  createRetryStrategy,
  type DurableContext,
  JitterStrategy,
} from '@aws/durable-execution-sdk-js';
import type { ModelConfig } from '../core/config.ts';
import { type Failure, MlopsError, toFailure } from '../core/errors.ts';
import type { UntimedEvent } from '../core/events.ts';
import type { Outcome, Run, RunId, RunKind } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';
import { loadRun } from './load-run.ts';
import { record } from './record.ts';

/** How a stage ends the run early. */
export interface Ending {
  readonly outcome: Outcome;
  readonly failure: Failure | null;
}

/** Facts of a run that never change, safe to use between durable operations. */
export interface RunFacts {
  readonly runId: RunId;
  readonly kind: RunKind;
  readonly model: string;
  readonly config: ModelConfig;
}

/**
 * What a stage works with. Everything that touches the world goes through `step`, which runs it
 * once and remembers its (small) result, so that a replay after a crash repeats nothing.
 */
export interface RunContext extends RunFacts {
  readonly deps: FlowDeps;
  /**
   * Runs `action` durably. A non-retryable {@link MlopsError} ends the step at once and is thrown
   * as it is; anything else is retried with jitter before it ends the run.
   */
  step<T>(name: string, action: () => Promise<T>): Promise<T>;
  /** Reads the run record inside a step, keeping only what `pick` returns. */
  read<T>(name: string, pick: (run: Run) => T): Promise<T>;
  /** Records events in one step. */
  record(name: string, ...events: readonly UntimedEvent[]): Promise<void>;
  /**
   * Parks the run until it is resumed, or `seconds` have passed. `isReady` is asked once more after
   * parking, so that an event sent just before is not lost.
   */
  waitUntilResumed(name: string, seconds: number, isReady: () => Promise<boolean>): Promise<void>;
}

type StepResult<T> = { ok: true; value: T } | { ok: false; failure: Failure };

// Not core/back-off.ts: the SDK decides itself when a step is due, and keeps that in the history.
const retryStrategy = createRetryStrategy({
  maxAttempts: 5,
  initialDelay: { seconds: 1 },
  maxDelay: { seconds: 30 },
  jitter: JitterStrategy.HALF,
});

export function createRunContext(
  durable: DurableContext,
  deps: FlowDeps,
  facts: RunFacts,
): RunContext {
  const step = async <T>(name: string, action: () => Promise<T>): Promise<T> => {
    const result = await durable.step(name, () => settle(action), { retryStrategy });
    if (result.ok) return result.value;
    throw new MlopsError(result.failure.code, result.failure.message, {
      ...(result.failure.hint === null ? {} : { hint: result.failure.hint }),
    });
  };
  return {
    ...facts,
    deps,
    step,
    read: (name, pick) => step(name, async () => pick(await loadRun(deps, facts.runId))),
    record: async (name, ...events) => {
      await step(name, async () => {
        for (const event of events) await record(deps, event);
        return null;
      });
    },
    waitUntilResumed: async (name, seconds, isReady) => {
      const submit = async (callbackId: string) => {
        await deps.callbacks.park(facts.runId, callbackId);
        if (await isReady()) await deps.executions.succeedCallback(callbackId, '');
      };
      const timeout = { seconds: Math.max(1, Math.ceil(seconds)) };
      try {
        await durable.waitForCallback(name, submit, { timeout, retryStrategy });
      } catch (error) {
        if (!(error instanceof CallbackTimeoutError)) throw error;
      }
    },
  };
}

/** Turns an error nobody can fix by trying again into a value, so that the step does not retry. */
async function settle<T>(action: () => Promise<T>): Promise<StepResult<T>> {
  try {
    return { ok: true, value: await action() };
  } catch (error) {
    if (error instanceof MlopsError && !error.retryable) {
      return { ok: false, failure: toFailure(error) };
    }
    throw error;
  }
}

/** The ending of a run somebody stopped. */
export const stopped: Ending = { outcome: 'stopped', failure: null };

export function failed(failure: Failure): Ending {
  return { outcome: 'failed', failure };
}
