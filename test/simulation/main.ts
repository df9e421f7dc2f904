// npm run simulate -- --runs 2000            plays that many runs in simulated worlds
// npm run simulate -- --seed 7 --runs 100    begins with the world of this seed, or goes on there
// npm run simulate -- --replay 7             tells the whole history of one world
// npm run simulate -- --engines              plays worlds over AWS's test runner too, and compares
// npm run simulate -- --mutants              breaks the product on purpose and expects to notice
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { buildWorker } from './cli/build.ts';
import { catchMutants } from './cli/catch-mutants.ts';
import { compareEngines } from './cli/compare-engines.ts';
import { shrink } from './cli/shrink.ts';
import { type Simulation, simulate } from './cli/simulate.ts';
import type { WorkerAnswer } from './cli/worker.ts';
import { startWorkers, type Workers } from './cli/workers.ts';
import { invariants } from './invariants/violation.ts';
import { mutants } from './mutants/mutants.ts';

const MOST_RUNS = 16;
const MOST_TOLD = 3;

const say = (line: string) => void process.stdout.write(`${line}\n`);

export async function main(_root: string, args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: 'string', default: '2000' },
      seed: { type: 'string', default: '1' },
      replay: { type: 'string' },
      engines: { type: 'boolean', default: false },
      mutants: { type: 'boolean', default: false },
      jobs: { type: 'string', default: String(availableParallelism()) },
    },
  });
  const [runs, seed, jobs] = [
    wholeNumber(values, 'runs'),
    wholeNumber(values, 'seed'),
    wholeNumber(values, 'jobs'),
  ];
  if (values.mutants) {
    process.exitCode = (await catchMutants({ mutants, jobs, say })) ? 0 : 1;
    return;
  }
  const workers = startWorkers(await buildWorker(null), jobs);
  try {
    if (values.engines) process.exitCode = await compare(workers, { runs, seed });
    else
      process.exitCode =
        values.replay === undefined
          ? await playMany(workers, { runs, seed })
          : await replay(workers, wholeNumber(values, 'replay'));
  } finally {
    workers.close();
  }
}

async function playMany(
  workers: Workers,
  { runs, seed }: { readonly runs: number; readonly seed: number },
): Promise<number> {
  const simulation = await simulate(workers, { runs, seed, onWorld: progressEvery(5) });
  for (const failure of simulation.failures.slice(0, MOST_TOLD)) await tell(workers, failure);
  const untold = simulation.failures.slice(MOST_TOLD);
  if (untold.length > 0) {
    say(`\nFailed too, for --replay: ${untold.map((failure) => failure.seed).join(', ')}.`);
  }
  const count = simulation.failures.length;
  say(`\n${simulation.worlds} worlds from seed ${seed} on.`);
  say(`${simulation.runs} runs, ${count} violations`);
  return count === 0 ? 0 : 1;
}

async function compare(
  workers: Workers,
  { runs: wanted, seed }: { readonly runs: number; readonly seed: number },
): Promise<number> {
  const { worlds, runs, differences } = await compareEngines(workers, { runs: wanted, seed });
  for (const { seed: own, local, aws } of differences.slice(0, MOST_TOLD)) {
    say(`\nSeed ${own} ends otherwise. Only over the local engine:`);
    for (const row of local) say(`  ${row}`);
    say('Only over the test runner of AWS:');
    for (const row of aws) say(`  ${row}`);
  }
  say(`\n${worlds} worlds from seed ${seed} on, each over both engines.`);
  say(`${runs} runs, ${differences.length} differences`);
  return differences.length === 0 ? 0 : 1;
}

async function tell(workers: Workers, failure: WorkerAnswer): Promise<void> {
  if (!failure.isRepeatable) {
    say(`\nSeed ${failure.seed} did not give the same history twice.`);
    return;
  }
  const { smallest } = await shrink(workers, failure, { mostRuns: MOST_RUNS });
  say(
    `\nSeed ${failure.seed}, with ${smallest.disturbances.length} of ${failure.disturbances.length} disturbances:`,
  );
  say(story(smallest));
}

async function replay(workers: Workers, seed: number): Promise<number> {
  const answer = await workers.play({ seed, mostRuns: MOST_RUNS, twice: true });
  say(story(answer));
  say(answer.isRepeatable ? 'The second time gave the same history.' : 'The second time differed.');
  return answer.violations.length === 0 && answer.isRepeatable ? 0 : 1;
}

function story({ trace, disturbances, outcomes, violations }: WorkerAnswer): string {
  return [
    ...trace.map((line) => `  ${line}`),
    'Disturbances:',
    ...disturbances.map((id) => `  ${id}`),
    'In the end:',
    ...outcomes.map((outcome) => `  ${outcome}`),
    ...violations.flatMap(({ invariant, message }) => [
      `Violated (${invariant}): ${invariants[invariant]}`,
      `  ${message}`,
    ]),
  ].join('\n');
}

/** Says how far it is at most every so many seconds, and at once which worlds failed. */
function progressEvery(seconds: number): (so: Simulation) => void {
  const start = Date.now();
  let last = start;
  let known = 0;
  return ({ worlds, runs, failures, nextSeed }) => {
    for (const { seed, violations } of failures.slice(known)) {
      say(`Seed ${seed} fails: ${violations[0]?.message ?? 'it does not repeat exactly.'}`);
    }
    known = failures.length;
    if (Date.now() - last < seconds * 1000) return;
    last = Date.now();
    const rate = Math.round(runs / ((last - start) / 1000));
    say(
      `${runs} runs in ${worlds} worlds, ${known} violations, ${rate} runs a second, next seed ${nextSeed}`,
    );
  };
}

function wholeNumber(values: Readonly<Record<string, unknown>>, name: string): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`--${name} takes a whole number above 0, not “${values[name]}”.`);
}
