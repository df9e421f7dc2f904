import type { RetryDecision } from '@aws/durable-execution-sdk-js';
import { backOff } from '../core/back-off.ts';

/** Whether, and after how many seconds, a durable step is tried again; attempts count from 1. */
export type StepRetry = (error: Error, attempt: number) => RetryDecision;

/** A defect fails the same way again, so people should soon hear of it. */
const MOST_ATTEMPTS_AT_A_DEFECT = 5;
/** With the delays below, more than seven hours of trouble at a dependency. */
const MOST_ATTEMPTS = 100;
const LONGEST_DELAY_SECONDS = 600;
const LONGEST_PAUSE_SECONDS = 900;

/**
 * Retries a step through hours of throttling or an outage: a run that fails for ten bad seconds
 * wastes a paid job. Delays double up to ten minutes, with half of each at random. Each attempt is
 * one of the 3,000 operations a durable execution may have.
 */
export const retryPatiently: StepRetry = (error, attempt) => {
  const most = isDefect(error) ? MOST_ATTEMPTS_AT_A_DEFECT : MOST_ATTEMPTS;
  if (attempt >= most) return { shouldRetry: false };
  const limits = { first: 1, longest: LONGEST_DELAY_SECONDS, random: Math.random() };
  const seconds = Math.max(1, Math.round(backOff({ ...limits, failures: attempt })));
  return { shouldRetry: true, delay: { seconds } };
};

export const neverRetry: StepRetry = () => ({ shouldRetry: false });

/** How long a loop of looks waits before the next one, after `misses` that reached nothing. */
export function pauseAfterMisses(usualSeconds: number, misses: number): number {
  const longest = Math.max(usualSeconds, LONGEST_PAUSE_SECONDS);
  // At its full length: these pauses belong to single runs, which seldom begin to wait together.
  return backOff({ failures: misses + 1, first: usualSeconds, longest, random: 1 });
}

/** Fails the same way each time; also by its name alone, which is what a journal keeps. */
export function isDefect({ name }: Error): boolean {
  return ['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError'].includes(name);
}
