import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { createRetryStrategy, StepSemantics } from '@aws/durable-execution-sdk-js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../../pipeline/local/database.ts';
import { createFolder, createManualTime, createWorld, type Handler } from './harness.ts';

type Moment = 'before' | 'after';
/** The process dies at its n-th commit, right before or right after it. */
interface Death {
  readonly commit: number;
  readonly moment: Moment;
}

/** What outlives a process: effects on the outside world, and callback ids somebody holds. */
interface Outside {
  readonly effects: Map<string, number>;
  readonly mailbox: string[];
}

interface Life {
  isDead(): boolean;
  readonly died: Promise<void>;
  readonly commits: () => number;
  readonly database: Database;
}

/** A connection whose process dies as told: from then on no statement reaches the file. */
function createLife(path: string, death: Death | undefined): Life {
  const real = openDatabase(path);
  let commits = 0;
  let isDead = false;
  let die = () => {};
  const died = new Promise<void>((resolve) => {
    die = () => {
      isDead = true;
      if (real.inTransaction) real.exec('ROLLBACK');
      resolve();
    };
  });
  const assertAlive = () => {
    if (isDead) throw new Error('This process is dead.');
  };
  const exec = (statement: string) => {
    assertAlive();
    const isDeath = statement === 'COMMIT' && ++commits === death?.commit;
    if (isDeath && death?.moment === 'before') die();
    assertAlive();
    real.exec(statement);
    if (isDeath) die();
    assertAlive();
    return real;
  };
  const prepare = (source: string) => {
    const statement = real.prepare(source);
    const guard = (method: 'run' | 'get' | 'all') => {
      return (...values: unknown[]) => {
        assertAlive();
        return statement[method](...values);
      };
    };
    return { run: guard('run'), get: guard('get'), all: guard('all') };
  };
  const database = new Proxy(real, {
    get(target, property) {
      if (property === 'exec') return exec;
      if (property === 'prepare') return prepare;
      return Reflect.get(target, property, target);
    },
  });
  return { isDead: () => isDead, died, commits: () => commits, database };
}

/** Every kind of operation, with an effect on the outside in each. */
function createHandler(outside: Outside, life: Life): Handler<{ readonly n: number }> {
  async function affect(name: string): Promise<void> {
    if (life.isDead()) await new Promise(() => {});
    outside.effects.set(name, (outside.effects.get(name) ?? 0) + 1);
    // Long enough for the checkpoint that starts this step to be a commit of its own.
    await turn();
    await turn();
  }
  const retryStrategy = createRetryStrategy({ maxAttempts: 10, initialDelay: { seconds: 5 } });

  return async ({ n }, context) => {
    const prepared = await context.step('prepare', async () => {
      await affect('prepare');
      return n + 1;
    });
    const flaky = await context.step(
      'flaky',
      async ({ attempt }) => {
        await affect(`flaky ${attempt}`);
        if (attempt === 1) throw new Error('once');
        return 'steady';
      },
      { retryStrategy },
    );
    await context.step('submit', async ({ attempt }) => affect(`submit attempt ${attempt}`), {
      semantics: StepSemantics.AtMostOncePerRetry,
      retryStrategy,
    });
    const branches = await context.parallel('branches', [
      async (branch) => {
        await branch.wait('cool down', { minutes: 1 });
        return branch.step('left', async () => affect('left').then(() => 'left'));
      },
      (branch) => branch.step('right', async () => affect('right').then(() => 'right')),
    ]);
    const polls = await context.waitForCondition(
      'job',
      async (seen: number[], { attempt }) => {
        await affect(`poll ${attempt}`);
        return [...seen, attempt];
      },
      {
        initialState: [],
        waitStrategy: (seen) =>
          seen.length < 3
            ? { shouldContinue: true, delay: { seconds: 30 } }
            : { shouldContinue: false },
      },
    );
    const answer = await context.waitForCallback('approval', async (callbackId) => {
      await affect('ask');
      outside.mailbox.push(callbackId);
    });
    const summary = await context.runInChildContext('summary', (child) =>
      child.step('sum', async () => affect('sum').then(() => prepared * 2)),
    );
    return { prepared, flaky, branches: branches.getResults(), polls, answer, summary };
  };
}

/** Plays the handler to its end, dying as told and starting over each time. */
async function playThrough(folder: string, deaths: readonly Death[]) {
  const path = join(folder, `${deaths.map((d) => `${d.moment}${d.commit}`).join('-')}.db`);
  const outside: Outside = { effects: new Map(), mailbox: [] };
  const time = createManualTime();
  const commits: number[] = [];

  for (let lives = 0; lives <= deaths.length; lives += 1) {
    const life = createLife(path, deaths[lives]);
    const description = await liveOn(life, outside, time).catch((error: unknown) => {
      if (life.isDead()) return null;
      throw error;
    });
    commits.push(life.commits());
    if (description !== null) return { description, effects: outside.effects, commits, lives };
  }
  throw new Error('It died more often than it was told to.');
}

/** One process: starts, resumes, answers callbacks, lets time pass; null when it died. */
async function liveOn(life: Life, outside: Outside, outer: ReturnType<typeof createManualTime>) {
  // Each process has its own timers; only the date goes on.
  const time = createManualTime(outer.clock.now().getTime());
  const { database } = life;
  const { engine } = createWorld(createHandler(outside, life), {
    database,
    time,
    log: () => {},
  });
  const settled = () => Promise.race([engine.idle(), life.died]);
  await engine.start({ name: 'run', input: { n: 20 } });
  await engine.resume();
  await settled();
  while (!life.isDead() && engine.describe('run')?.status === 'RUNNING') {
    for (const callbackId of outside.mailbox) await engine.succeedCallback(callbackId, 'yes');
    await settled();
    if (!life.isDead() && engine.describe('run')?.status === 'RUNNING') {
      const isMoved = await time.next(settled);
      if (!isMoved && !life.isDead()) throw new Error('Parked for ever.');
    }
    await outer.advance(time.clock.now().getTime() - outer.clock.now().getTime());
  }
  return life.isDead() ? null : engine.describe('run');
}

const RESULT = {
  prepared: 21,
  flaky: 'steady',
  branches: ['left', 'right'],
  polls: [1, 2, 3],
  answer: 'yes',
  summary: 42,
};
const moments: readonly Moment[] = ['before', 'after'];

async function expectSameEnd(folder: string, deaths: readonly Death[]): Promise<void> {
  const { description, effects, lives } = await playThrough(folder, deaths);
  const label = deaths.map(({ commit, moment }) => `${moment} commit ${commit}`).join(', then ');

  expect(description.status, label).toBe('SUCCEEDED');
  expect(description.result, label).toEqual(RESULT);
  for (const [name, times] of effects) {
    const allowed = name.startsWith('submit') ? 1 : 1 + lives;
    expect(times, `${name} with death ${label}`).toBeLessThanOrEqual(allowed);
  }
}

describe('a process that dies', () => {
  it('changes nothing about the result, whichever commit it dies at', {
    timeout: 60_000,
  }, async () => {
    const folder = createFolder();
    const { description, effects, commits } = await playThrough(folder, []);
    const total = commits[0] ?? 0;

    const deaths = Array.from({ length: total }, (_, index) =>
      moments.map((moment) => ({ commit: index + 1, moment })),
    ).flat();
    await Promise.all(deaths.map((death) => expectSameEnd(folder, [death])));

    expect(total).toBeGreaterThan(30);
    expect(description.result).toEqual(RESULT);
    expect([...effects.values()].every((times) => times === 1)).toBe(true);
  });

  it('may die again and again while it recovers', { timeout: 60_000 }, async () => {
    const folder = createFolder();
    const death = fc.record({
      commit: fc.integer({ min: 1, max: 25 }),
      moment: fc.constantFrom(...moments),
    });
    const samples = fc.sample(fc.array(death, { minLength: 2, maxLength: 5 }), {
      numRuns: 60,
      seed: 20_261_122,
    });

    await Promise.all(samples.map((deaths) => expectSameEnd(folder, deaths)));
  });
});
