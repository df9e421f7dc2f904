import type { Workers } from './workers.ts';

const MOST_RUNS_OF_A_WORLD = 8;

/** A world that ended otherwise over AWS's test runner than over the local engine. */
export interface Difference {
  readonly seed: number;
  /** Rows of the durable state that only one of them has. */
  readonly local: readonly string[];
  readonly aws: readonly string[];
}

export interface Comparison {
  readonly worlds: number;
  readonly runs: number;
  readonly differences: readonly Difference[];
}

/**
 * Plays worlds from `seed` on over the local engine and over AWS's test runner, until `runs` runs were
 * started, and compares the durable state in which they end. Broken invariants are differences too.
 */
export async function compareEngines(
  workers: Workers,
  options: {
    readonly seed: number;
    readonly runs: number;
    readonly onWorld?: (so: Comparison) => void;
  },
): Promise<Comparison> {
  const { runs, onWorld = () => {} } = options;
  const differences: Difference[] = [];
  let seed = options.seed;
  let worlds = 0;
  let played = 0;

  async function work(): Promise<void> {
    while (played < runs) {
      const world = { seed: seed++, mostRuns: MOST_RUNS_OF_A_WORLD, isComparable: true };
      const local = await workers.play({ ...world, engine: 'local' });
      const aws = await workers.play({ ...world, engine: 'aws' });
      const [here, there] = [local, aws].map(({ state, violations }) => [
        ...state,
        ...violations.map(({ invariant, message }) => `violates ${invariant}: ${message}`),
      ]);
      const difference = {
        seed: world.seed,
        local: without(here ?? [], there ?? []),
        aws: without(there ?? [], here ?? []),
      };
      worlds += 1;
      played += local.runs;
      if (difference.local.length + difference.aws.length > 0) differences.push(difference);
      onWorld({ worlds, runs: played, differences });
    }
  }

  await Promise.all(Array.from({ length: workers.count }, work));
  return { worlds, runs: played, differences };
}

function without(rows: readonly string[], others: readonly string[]): readonly string[] {
  const known = new Set(others);
  return rows.filter((row) => !known.has(row));
}
