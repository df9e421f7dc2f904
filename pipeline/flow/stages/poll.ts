import { ContinueInNewExecution } from '../continue-in-new-execution.ts';
import { pauseAfterMisses } from '../retry-policy.ts';
import type { BaseContext } from '../run-context.ts';

/** `end` is what was waited for; otherwise the next look is after at most `pause` seconds. */
export type Judgement<R> =
  | { readonly end: R }
  | {
      readonly pause: number;
      /** Most seconds that growth may make of it. */
      readonly longest?: number;
      /** Seconds since the wait began, where that was in an earlier execution. */
      readonly age?: number;
    };

export interface Polling<T, R> {
  /** Names of the durable operations of a look, which histories keep: never changed. */
  readonly names: (look: number) => { readonly look: string; readonly wait: string };
  readonly look: () => Promise<T>;
  /** Whether a look is retried for hours before the run fails, or missed and made again later. */
  readonly patient?: boolean;
  readonly judge: (seen: T) => Judgement<R>;
  /** What so many looks in a row that reached nothing mean; without it they become rarer. */
  readonly judgeMisses?: (misses: number, reason: string) => Judgement<R>;
  /** Checked once more after parking. */
  readonly isReady: () => Promise<boolean>;
  /** Seconds between looks at the beginning. */
  readonly pause: number;
  /** The share of the age of the wait that later pauses take: {@link GROWTH}, or 0. */
  readonly growth: number;
  /** Whether a stage that begins again would come back here. */
  readonly mayContinue: boolean;
}

/**
 * With 5 % a job that has run for a day is looked at within 72 minutes, if every event about it was
 * lost. A wait of T seconds then takes 1/g + ln(g·T/pause)/ln(1 + g) looks of four durable operations
 * each: 176 looks for 28 days from a pause of 60 s.
 */
export const GROWTH = 0.05;

/** Looks, and parks the run between looks, until a look or too many misses end the wait. */
export async function poll<T, R>(context: BaseContext, polling: Polling<T, R>): Promise<R> {
  const { names, growth, judgeMisses = lookLater } = polling;
  let misses = 0;
  let since: number | undefined;
  for (let number = 1; ; number++) {
    const { look, wait } = names(number);
    const seen = await context.look(look, polling.look, { patient: polling.patient ?? false });
    since ??= seen.at;
    misses = seen.isReached ? 0 : misses + 1;
    const judgement = seen.isReached ? polling.judge(seen.value) : judgeMisses(misses, seen.reason);
    if ('end' in judgement) return judgement.end;
    if (seen.isSpent === true && polling.mayContinue) throw new ContinueInNewExecution();
    const sinceFirstLook = seen.at === undefined ? 0 : (seen.at - (since ?? seen.at)) / 1000;
    const { pause, longest = Number.POSITIVE_INFINITY, age = sinceFirstLook } = judgement;
    const grown = Math.min(longest, Math.max(pause, growth * age));
    const most = polling.mayContinue ? seen.secondsLeft : undefined;
    await context.waitUntilResumed(wait, Math.min(grown, most ?? grown), polling.isReady);
  }

  function lookLater(missed: number): Judgement<R> {
    return { pause: pauseAfterMisses(polling.pause, missed) };
  }
}
