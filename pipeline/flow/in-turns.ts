import { setImmediate as nextTurn } from 'node:timers/promises';

/** The longest the event loop waits for one piece of a computation, in milliseconds. */
const LONGEST_TURN = 10;

/** Runs a computation to its end, and lets everything else have its turn between its pieces. */
export async function inTurns<T>(
  computation: Generator<void, T>,
  now: () => number = performance.now.bind(performance),
): Promise<T> {
  let since = now();
  for (;;) {
    const next = computation.next();
    if (next.done === true) return next.value;
    if (now() - since < LONGEST_TURN) continue;
    await nextTurn();
    since = now();
  }
}
