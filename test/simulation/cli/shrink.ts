import type { WorkerAnswer } from './worker.ts';
import type { Workers } from './workers.ts';

/** Most worlds that are played for one failure; what is left by then is told as it is. */
const MOST_PLAYS = 400;

/**
 * The same failure with as few disturbances as possible: all, halves, quarters and so on of them are
 * left out as long as the same invariant still breaks (Zeller's delta debugging). Each worker tries
 * another part; of those that still fail the first counts, so the result depends on nothing else.
 */
export async function shrink(
  workers: Pick<Workers, 'play' | 'count'>,
  failure: WorkerAnswer,
  { mostRuns, mostPlays = MOST_PLAYS }: { readonly mostRuns: number; readonly mostPlays?: number },
): Promise<{ readonly smallest: WorkerAnswer; readonly without: readonly string[] }> {
  const broken = failure.violations[0]?.invariant;
  let smallest = failure;
  let without: readonly string[] = [];
  let plays = 0;

  /** Tries some parts at once; returns where to go on, and whether one could be left out. */
  async function attempt(start: number, size: number): Promise<{ next: number; isLeft: boolean }> {
    const { disturbances } = smallest;
    const starts = Array.from({ length: workers.count }, (_, i) => start + i * size).filter(
      (at) => at < disturbances.length,
    );
    const parts = starts.map((at) => [...without, ...disturbances.slice(at, at + size)]);
    plays += parts.length;
    const answers = await Promise.all(
      parts.map((part) => workers.play({ seed: failure.seed, mostRuns, without: part })),
    );
    const found = answers.findIndex(
      (answer) =>
        answer.violations.some(({ invariant }) => invariant === broken) &&
        answer.disturbances.length < disturbances.length,
    );
    const answer = answers[found];
    if (answer === undefined) return { next: start + starts.length * size, isLeft: false };
    smallest = answer;
    without = parts[found] ?? [];
    return { next: starts[found] ?? start, isLeft: true };
  }

  for (let size = failure.disturbances.length; size >= 1; ) {
    let isSmaller = false;
    for (let start = 0; start < smallest.disturbances.length; ) {
      if (plays >= mostPlays) return { smallest, without };
      const { next, isLeft } = await attempt(start, size);
      isSmaller ||= isLeft;
      start = next;
    }
    if (size === 1 && !isSmaller) break;
    size = Math.max(1, Math.floor(Math.min(size, smallest.disturbances.length) / 2));
    if (smallest.disturbances.length === 0) break;
  }
  return { smallest, without };
}
