import type { Mutant } from '../mutants/mutants.ts';
import { buildWorker } from './build.ts';
import { simulate } from './simulate.ts';
import { startWorkers } from './workers.ts';

/** A defect that so many runs do not show is not caught. */
const MOST_RUNS = 4000;

/** Plays each mutant until an invariant it should break is broken; true when all were caught. */
export async function catchMutants({
  mutants,
  jobs,
  say,
}: {
  readonly mutants: readonly Mutant[];
  readonly jobs: number;
  readonly say: (line: string) => void;
}): Promise<boolean> {
  let caught = 0;
  for (const mutant of mutants) {
    const workers = startWorkers(await buildWorker(mutant), jobs);
    const isExpected = ({ invariant }: { invariant: string }) =>
      mutant.breaks.some((each) => each === invariant);
    const { runs, failures } = await simulate(workers, {
      seed: 1,
      runs: MOST_RUNS,
      isEnough: (so) => so.some(({ violations }) => violations.some(isExpected)),
    });
    workers.close();
    const by = failures.find(({ violations }) => violations.some(isExpected));
    const violation = by?.violations.find(isExpected);
    if (violation === undefined) say(`NOT CAUGHT  ${mutant.name} (${runs} runs)`);
    else {
      caught += 1;
      say(`caught      ${mutant.name}: ${violation.invariant}, seed ${by?.seed}, ${runs} runs`);
    }
  }
  say(`${caught} of ${mutants.length} mutants caught`);
  return caught === mutants.length;
}
