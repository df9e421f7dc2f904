import {
  CallbackTimeoutError,
  type DurableContext,
  StepError,
} from '@aws/durable-execution-sdk-js';
import type { ModelConfig } from '../core/config.ts';
import { type Failure, MlopsError, toFailure } from '../core/errors.ts';
import type { UntimedEvent } from '../core/events.ts';
import type { Outcome, Run, RunId, RunKind, StageName } from '../core/run.ts';
import { ContinueInNewExecution } from './continue-in-new-execution.ts';
import { type FlowDeps, MOST_OPERATIONS } from './flow-deps.ts';
import { loadRun } from './load-run.ts';
import { record } from './record.ts';
import { isDefect, neverRetry, retryPatiently, type StepRetry } from './retry-policy.ts';
import { type Look, reach, type StepResult, settle } from './step-result.ts';

export type { Look } from './step-result.ts';

/** How a stage ends the run early. */
export interface Ending {
  readonly outcome: Outcome;
  readonly failure: Failure | null;
}

/** Facts of a run that never change, so they are safe to use between durable operations. */
export interface RunFacts {
  readonly runId: RunId;
  readonly kind: RunKind;
  readonly model: string;
  readonly config: ModelConfig;
}

/**
 * What a stage works with. Every side effect goes through `step`, which runs it
 * once and remembers its (small) result, so that a replay after a crash repeats nothing.
 */
export interface RunContext extends RunFacts {
  readonly deps: FlowDeps;
  /** The stage in which this execution goes on where an earlier one stopped; null in the first. */
  readonly resumed: StageName | null;
  /**
   * Runs `action` durably. A non-retryable {@link MlopsError} ends the step at once and is thrown
   * as it is; anything else is retried for hours ({@link retryPatiently}) before it is thrown.
   */
  step<T>(name: string, action: () => Promise<T>): Promise<T>;
  /**
   * Looks at something outside, once. What cannot be reached now is a result, because whoever looks
   * in a loop looks again later; a `patient` look is retried like a step instead. A non-retryable
   * {@link MlopsError} is thrown as it is.
   */
  look<T>(
    name: string,
    action: () => Promise<T>,
    options?: { readonly patient?: boolean },
  ): Promise<Look<T>>;
  /** Reads the run record inside a step, keeping only what `pick` returns. */
  read<T>(name: string, pick: (run: Run) => T): Promise<T>;
  /** Records events in one step. */
  record(name: string, ...events: readonly UntimedEvent[]): Promise<void>;
  /**
   * Parks the run until it is resumed or `seconds` have passed. `isReady` is checked once more after
   * parking, so that an event sent just before is not lost.
   */
  waitUntilResumed(name: string, seconds: number, isReady: () => Promise<boolean>): Promise<void>;
}

/** A context that does without the configuration of the model, which may have gone. */
export type BaseContext = Omit<RunContext, 'config'>;

/** A `waitForCallback` is a context, a callback and a step. */
const OPERATIONS_OF_A_WAIT = 3;
/** Lambda takes a year at most. */
const LONGEST_WAIT_SECONDS = 30 * 86_400;

/** Where and when an execution began. */
interface Origin {
  readonly resumed?: StageName | null;
  /** In milliseconds; null where it is not known. */
  readonly startedAt?: number | null;
}

export function createRunContext<F extends Omit<RunFacts, 'config'>>(
  durable: DurableContext,
  deps: FlowDeps,
  facts: F,
  { resumed = null, startedAt = null }: Origin = {},
): F & BaseContext {
  // With the one that loads the run; a replay counts the same.
  let operations = 1;
  const { mostOperations = MOST_OPERATIONS, mostSeconds } = deps.pace;
  const run = async <T>(
    name: string,
    action: () => Promise<StepResult<T>>,
    retryStrategy: StepRetry,
  ): Promise<Look<T>> => {
    operations += 1;
    const logged = async () => {
      try {
        return await action();
      } catch (error) {
        deps.logError({ message: 'A step failed.', runId: facts.runId, step: name, error });
        throw error;
      }
    };
    const result = await durable.step(name, logged, { retryStrategy }).catch((error: unknown) => {
      throw givenUp(name, error);
    });
    const { at, isSpent, secondsLeft } = result;
    const circumstances =
      at === undefined
        ? {}
        : { at, isSpent: isSpent === true, ...(secondsLeft === undefined ? {} : { secondsLeft }) };
    if (result.ok) return { ...circumstances, isReached: true, value: result.value };
    if ('unreachable' in result) {
      return { ...circumstances, isReached: false, reason: result.unreachable };
    }
    throw new MlopsError(result.failure.code, result.failure.message, {
      ...(result.failure.hint === null ? {} : { hint: result.failure.hint }),
    });
  };
  const step = async <T>(name: string, action: () => Promise<T>): Promise<T> => {
    const result = await run(name, () => settle(action), retryPatiently);
    if (result.isReached) return result.value;
    throw new MlopsError('UNEXPECTED', result.reason);
  };
  return {
    ...facts,
    deps,
    resumed,
    step,
    look<T>(name: string, action: () => Promise<T>, { patient = false } = {}) {
      const missed = (error: unknown) =>
        deps.logError({ message: 'A look failed.', runId: facts.runId, step: name, error });
      const look = async (): Promise<StepResult<T>> => {
        const seen = await (patient ? settle(action) : reach(action, missed));
        const at = deps.clock.now().getTime();
        if (mostSeconds === undefined || startedAt === null) {
          return { ...seen, at, isSpent: operations >= mostOperations };
        }
        const secondsLeft = Math.max(0, mostSeconds - (at - startedAt) / 1000);
        const isSpent = operations >= mostOperations || secondsLeft === 0;
        return { ...seen, at, isSpent, secondsLeft };
      };
      return run(name, look, patient ? retryPatiently : neverRetry);
    },
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
        // A dependency that is down must not end the wait: the next look asks it again.
        const ready = await isReady().catch(() => false);
        if (ready) await deps.executions.succeedCallback(callbackId, '');
      };
      operations += OPERATIONS_OF_A_WAIT;
      const timeout = { seconds: Math.max(1, Math.ceil(Math.min(seconds, LONGEST_WAIT_SECONDS))) };
      try {
        await durable.waitForCallback(name, submit, { timeout, retryStrategy: retryPatiently });
      } catch (error) {
        if (!(error instanceof CallbackTimeoutError)) throw error;
      }
    },
  };
}

/**
 * Why a step was not tried again, in words, unless it was a defect. Text that is not ours stays in the
 * log; the name of an error, such as `ThrottlingException`, says enough.
 */
function givenUp(step: string, error: unknown): unknown {
  const cause = error instanceof StepError ? error.cause : undefined;
  if (cause === undefined || isDefect(cause)) return error;
  const message =
    cause.name === 'MlopsError'
      ? `${cause.message} It stayed so for hours.`
      : `A service that the run needs did not answer for hours (${cause.name}).`;
  return new MlopsError('DEPENDENCY_DOWN', `${message} The step was “${step}”.`, {
    hint: 'Its jobs were stopped. Start it again when the service answers.',
    cause: error,
  });
}

/**
 * What a stage makes of an error: its failure, unless the run only changes executions. What no card
 * explains is in the log.
 */
export function failureOf({ deps, runId }: Pick<RunContext, 'deps' | 'runId'>, error: unknown) {
  if (error instanceof ContinueInNewExecution) throw error;
  const failure = toFailure(error);
  if (failure.code === 'UNEXPECTED' || failure.code === 'DEPENDENCY_DOWN') {
    deps.logError({ message: 'A stage failed.', runId, step: null, error });
  }
  return failure;
}

/** The ending of a run that a person stopped. */
export const stopped: Ending = { outcome: 'stopped', failure: null };

export function failed(failure: Failure): Ending {
  return { outcome: 'failed', failure };
}
