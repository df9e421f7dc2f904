import type { Invariant } from '../invariants/violation.ts';
import type { Mutant } from '../mutants/mutants.ts';
import { buildWorker } from './build.ts';
import { startWorkers, type Workers } from './workers.ts';

/** A defect that so many runs, or so many minutes, do not show is not caught. */
const MOST_RUNS = 4000;
const MOST_MINUTES = 60;
/** Most runs of a world. */
const MOST_RUNS_OF_A_WORLD = 16;

interface Caught {
  readonly invariant: Invariant;
  readonly seed: number;
  /** Runs that were played until then. */
  readonly runs: number;
}

/**
 * Plays each mutant until it breaks an invariant that it should, in a world that breaks it for no
 * other reason; as many mutants at once as there are `jobs`. True when all were caught.
 */
export async function catchMutants({
  mutants,
  jobs,
  say,
}: {
  readonly mutants: readonly Mutant[];
  readonly jobs: number;
  readonly say: (line: string) => void;
}): Promise<boolean> {
  const healthy = startWorkers(await buildWorker(null), jobs);
  const left = [...mutants];
  const rows: string[] = [];
  let caught = 0;
  say(row(['mutant', 'caught by', 'seed', 'runs']));

  async function work(): Promise<void> {
    for (let mutant = left.shift(); mutant !== undefined; mutant = left.shift()) {
      const found = await catchMutant(mutant, healthy);
      if (found !== null) caught += 1;
      const { invariant = 'NOT CAUGHT', seed = '', runs = '' } = found ?? {};
      rows.push(row([mutant.name, invariant, `${seed}`, `${runs}`]));
      say(rows.at(-1) ?? '');
    }
  }

  try {
    await Promise.all(Array.from({ length: jobs }, work));
  } finally {
    healthy.close();
  }
  say(`${caught} of ${mutants.length} mutants caught`);
  return caught === mutants.length;
}

async function catchMutant(mutant: Mutant, healthy: Workers): Promise<Caught | null> {
  const workers = startWorkers(await buildWorker(mutant), 1);
  const end = Date.now() + MOST_MINUTES * 60_000;
  let runs = 0;
  try {
    for (let seed = 1; runs < MOST_RUNS && Date.now() < end; seed++) {
      const world = { seed, mostRuns: MOST_RUNS_OF_A_WORLD };
      // A defect may also leave a world without an end; another seed shows what it breaks.
      const broken = await workers.play(world).catch(() => null);
      if (broken === null) continue;
      runs += broken.runs;
      const invariant = mutant.breaks.find((each) =>
        broken.violations.some((violation) => violation.invariant === each),
      );
      if (invariant === undefined) continue;
      const { violations } = await healthy.play(world);
      if (!violations.some((violation) => violation.invariant === invariant)) {
        return { invariant, seed, runs };
      }
    }
  } finally {
    workers.close();
  }
  return null;
}

function row([name = '', ...cells]: readonly string[]): string {
  return [name.padEnd(58), ...cells.map((cell) => cell.padEnd(10))].join(' ').trimEnd();
}
