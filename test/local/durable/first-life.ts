// A process for process.test.ts: `first-life.ts FOLDER LIFE` plays one run; in life 1 it stops
// inside its third step, for the test to kill it there. One line of JSON per thing that happens.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { openDatabase } from '../../../pipeline/local/database.ts';
import { createDurableEngine } from '../../../pipeline/local/durable/engine.ts';
import { acquireProcessLock } from '../../../pipeline/local/process-lock.ts';

const [folder = '', life] = process.argv.slice(2);
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

acquireProcessLock(folder);
const database = openDatabase(join(folder, 'state.db'));
const engine = createDurableEngine({
  database,
  clock: { now: () => new Date() },
  handler: async (_input: unknown, context) => {
    const done: number[] = [];
    for (const step of [1, 2, 3, 4]) {
      done.push(
        await context.step(`step ${step}`, async () => {
          say({ step });
          if (life === '1' && step === 3) await new Promise((never) => setTimeout(never, 60_000));
          return step;
        }),
      );
    }
    return done;
  },
});
await engine.start({ name: 'run', input: {} });
await engine.resume();
await engine.idle();
const { cache } = createRequire(import.meta.url);
say({
  result: engine.describe('run')?.result,
  loadsAwsSdk: Object.keys(cache).some((path) => path.includes('client-lambda')),
});
await engine.close({ timeoutMilliseconds: 1_000 });
process.exit(0);
