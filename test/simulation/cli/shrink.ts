import type { WorkerAnswer, WorkerRequest } from './worker.ts';
import type { Workers } from './workers.ts';

/**
 * The same failure with as few disturbances as possible: halves, quarters and so on of them are left
 * out as long as the same invariant still breaks (Zeller's delta debugging).
 */
export async function shrink(
  workers: Pick<Workers, 'play'>,
  failure: WorkerAnswer,
  mostRuns: number,
): Promise<{ readonly smallest: WorkerAnswer; readonly without: readonly string[] }> {
  const broken = failure.violations[0]?.invariant;
  let smallest = failure;
  let without: readonly string[] = [];
  let size = Math.ceil(failure.disturbances.length / 2);
  while (size >= 1) {
    let isSmaller = false;
    for (let start = 0; start < smallest.disturbances.length; ) {
      const left = smallest.disturbances.slice(start, start + size);
      const request: WorkerRequest = {
        seed: failure.seed,
        mostRuns,
        without: [...without, ...left],
      };
      const answer = await workers.play(request);
      const isSame = answer.violations.some(({ invariant }) => invariant === broken);
      if (isSame && answer.disturbances.length < smallest.disturbances.length) {
        smallest = answer;
        without = request.without ?? [];
        isSmaller = true;
      } else start += size;
    }
    if (!isSmaller && size === 1) break;
    size = size === 1 ? 1 : Math.ceil(size / 2);
  }
  return { smallest, without };
}
