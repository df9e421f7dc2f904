import type { WorkerAnswer } from './worker.ts';
import type { Workers } from './workers.ts';

/** Most runs that one world starts. */
const MOST_RUNS_OF_A_WORLD = 16;
/** Every so many worlds one is played twice, to see that it repeats exactly. */
const TWICE_EVERY = 25;

export interface Simulation {
  readonly worlds: number;
  readonly runs: number;
  readonly failures: readonly WorkerAnswer[];
  /** All worlds before this seed are played. */
  readonly nextSeed: number;
}

/**
 * Plays worlds from `seed` on until exactly `runs` runs were started in them, or until `isEnough` of
 * the failures so far.
 */
export async function simulate(
  workers: Workers,
  options: {
    readonly seed: number;
    readonly runs: number;
    readonly onWorld?: (so: Simulation) => void;
    readonly isEnough?: (failures: readonly WorkerAnswer[]) => boolean;
  },
): Promise<Simulation> {
  const { runs, onWorld = () => {}, isEnough = () => false } = options;
  const failures: WorkerAnswer[] = [];
  let seed = options.seed;
  let worlds = 0;
  let played = 0;
  let promised = 0;
  const underway = new Set<number>();
  const soFar = (): Simulation => ({
    worlds,
    runs: played,
    failures,
    nextSeed: Math.min(seed, ...underway),
  });

  async function work(): Promise<void> {
    while (!isEnough(failures)) {
      const mostRuns = Math.min(MOST_RUNS_OF_A_WORLD, runs - played - promised);
      if (mostRuns <= 0) return;
      promised += mostRuns;
      const own = seed++;
      underway.add(own);
      const answer = await workers.play({
        seed: own,
        mostRuns,
        twice: own % TWICE_EVERY === 0,
      });
      underway.delete(own);
      promised -= mostRuns;
      played += answer.runs;
      worlds += 1;
      if (answer.violations.length > 0 || !answer.isRepeatable) failures.push(answer);
      onWorld(soFar());
    }
  }

  // The last worlds may start fewer runs than they were allowed, so a few more follow.
  do await Promise.all(Array.from({ length: workers.count }, work));
  while (played < runs && !isEnough(failures));
  return soFar();
}
