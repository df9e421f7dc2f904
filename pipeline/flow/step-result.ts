import { type Failure, MlopsError, toFailure } from '../core/errors.ts';

/** What a look saw, or why it saw nothing. */
export type Look<T> = Circumstances &
  (
    | { readonly isReached: true; readonly value: T }
    | { readonly isReached: false; readonly reason: string }
  );

/** Part of the result, so that a replay decides the same; left out in histories from before. */
interface Circumstances {
  /** When it looked, in milliseconds. */
  readonly at?: number;
  /** Whether the execution should hand over to a new one, see `MOST_OPERATIONS` and `Pace`. */
  readonly isSpent?: boolean;
  /** Seconds until it should, by its age; left out where its age has no limit. */
  readonly secondsLeft?: number;
}

/** Kept in histories of parked runs: fields are only ever added. */
export type StepResult<T> = Circumstances &
  ({ ok: true; value: T } | { ok: false; failure: Failure } | { ok: false; unreachable: string });

/** Turns an error that no retry can fix into a value, so that the step does not retry. */
export async function settle<T>(action: () => Promise<T>): Promise<StepResult<T>> {
  try {
    return { ok: true, value: await action() };
  } catch (error) {
    if (error instanceof MlopsError && !error.retryable) {
      return { ok: false, failure: toFailure(error) };
    }
    throw error;
  }
}

/** Turns every error that may pass into a value. */
export async function reach<T>(
  action: () => Promise<T>,
  missed: (error: unknown) => void,
): Promise<StepResult<T>> {
  try {
    return await settle(action);
  } catch (error) {
    missed(error);
    return {
      ok: false,
      unreachable: truncate(error instanceof Error ? error.message : `${error}`),
    };
  }
}

/** A result of a step may have 256 KB; a reason needs far less. */
function truncate(text: string): string {
  return text.length <= 500 ? text : `${text.slice(0, 499)}…`;
}
