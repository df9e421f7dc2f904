// What does the local durable engine cost a run? Executions of ten steps over a database file,
// beside the test runner of the SDK, which keeps the same checkpoints in memory only.
//   npm run bench:durable-engine
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DurableContext, withDurableExecution } from '@aws/durable-execution-sdk-js';
import { LocalDurableTestRunner } from '@aws/durable-execution-sdk-js-testing';
import { openDatabase } from '../pipeline/local/database.ts';
import { createDurableEngine } from '../pipeline/local/durable/engine.ts';

const executions = Number(process.argv[2] ?? 200);
const steps = 10;
const folder = mkdtempSync(join(tmpdir(), 'mlops-bot-engine-'));

async function story(_input: unknown, context: DurableContext): Promise<number> {
  let sum = 0;
  for (let step = 1; step <= steps; step++) {
    sum += await context.step(`step ${step}`, async () => step);
  }
  return sum;
}

/** Milliseconds of each execution, one after the other. */
async function timed(play: (index: number) => Promise<unknown>): Promise<readonly number[]> {
  const times: number[] = [];
  for (let index = 0; index < executions; index++) {
    const begin = performance.now();
    await play(index);
    times.push(performance.now() - begin);
  }
  return times;
}

const engine = createDurableEngine({
  database: openDatabase(join(folder, 'engine.db')),
  clock: { now: () => new Date() },
  handler: story,
});
const local = await timed(async (index) => {
  await engine.start({ name: `execution-${index}`, input: {} });
  await engine.idle();
});
if (engine.describe('execution-0')?.status !== 'SUCCEEDED') throw new Error('It did not succeed.');
await engine.close({ timeoutMilliseconds: 1_000 });
rmSync(folder, { recursive: true, force: true });

await LocalDurableTestRunner.setupTestEnvironment({ skipTime: false });
const official = await timed(async () => {
  const runner = new LocalDurableTestRunner({ handlerFunction: withDurableExecution(story) });
  await runner.run({ payload: {} });
});
await LocalDurableTestRunner.teardownTestEnvironment();

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const [own, peer] = [median(local), median(official)];
console.log(`Median of ${executions} executions of ${steps} steps`);
console.log(`local engine, durable on disk    ${own.toFixed(1)} ms`);
console.log(`test runner of the SDK, memory   ${peer.toFixed(1)} ms`);
console.log(`ratio                            ${(own / peer).toFixed(2)}`);
process.exit(0);
