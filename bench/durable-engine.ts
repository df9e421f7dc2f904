// What does the local durable engine cost a run? Executions of ten steps over a database file,
// beside the test runner of the SDK, which keeps the same checkpoints in memory only.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DurableContext, withDurableExecution } from '@aws/durable-execution-sdk-js';
import { LocalDurableTestRunner } from '@aws/durable-execution-sdk-js-testing';
import { openDatabase } from '../pipeline/local/database.ts';
import { createDurableEngine } from '../pipeline/local/durable/engine.ts';
import { type Bench, type Figures, median } from './bench.ts';

const executions = 200;
const steps = 10;

export const bench: Bench = {
  name: 'durable-engine',
  title: `an execution of ${steps} steps on disk, beside the SDK's test runner in memory`,
  run: measure,
};

async function handler(_input: unknown, context: DurableContext): Promise<number> {
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

async function measure(): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-bot-engine-'));
  const engine = createDurableEngine({
    database: openDatabase(join(folder, 'engine.db')),
    clock: { now: () => new Date() },
    handler,
  });
  const local = await timed(async (index) => {
    await engine.start({ name: `execution-${index}`, input: {} });
    await engine.idle();
  });
  if (engine.describe('execution-0')?.status !== 'SUCCEEDED')
    throw new Error('It did not succeed.');
  await engine.close({ timeoutMilliseconds: 1_000 });
  rmSync(folder, { recursive: true, force: true });

  await LocalDurableTestRunner.setupTestEnvironment({ skipTime: false });
  const official = await timed(async () => {
    const runner = new LocalDurableTestRunner({ handlerFunction: withDurableExecution(handler) });
    await runner.run({ payload: {} });
  });
  await LocalDurableTestRunner.teardownTestEnvironment();

  const [own, peer] = [median(local), median(official)];
  return {
    'durableEngine.localMs': own,
    'durableEngine.testRunnerMs': peer,
    'durableEngine.ratio': own / peer,
  };
}
