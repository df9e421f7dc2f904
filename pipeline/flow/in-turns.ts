import { setImmediate as nextTurn } from 'node:timers/promises';

/** Runs a computation to its end, and lets everything else have its turn between its pieces. */
export async function inTurns<T>(computation: Generator<void, T>): Promise<T> {
  for (;;) {
    const next = computation.next();
    if (next.done === true) return next.value;
    await nextTurn();
  }
}
