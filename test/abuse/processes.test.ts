import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Libsql from 'libsql';
import { describe, expect, onTestFinished } from 'vitest';
import { createLocalClient } from '../../bot/workspace-page/local-client.ts';
import { startApp as startChild } from '../end-to-end/app-process.ts';
import { attack } from './attack.ts';
import {
  approve,
  clientOf,
  dropTumour,
  endOf,
  newDataFolder,
  type RunningApp,
  startApp,
  waitForCard,
} from './running-app.ts';

const KILLS = 16;
/** Seconds that an app may take to end on a machine that is busy with other work. */
const PATIENCE = 60;

/** The rows of a query over the state of an app that does not run. */
function query(data: string, sql: string): readonly Record<string, unknown>[] {
  const database = new Libsql(join(data, 'state.sqlite'));
  try {
    return database.prepare(sql).all() as Record<string, unknown>[];
  } finally {
    database.close();
  }
}

/** Always the same sequence of numbers from 0 to 1. */
function createDraws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Approves as soon as it can; the app may be killed meanwhile. */
async function approveInBackground(app: RunningApp): Promise<void> {
  const cleanUps: (() => void)[] = [];
  try {
    await approve(await clientOf(app, (work) => void cleanUps.push(work)));
  } catch {
    // The next life of the app asks again, or the decision was stored.
  } finally {
    for (const work of cleanUps) work();
  }
}

describe('processes', () => {
  attack(
    'kill -9, prepare to watch',
    'at random instants loses nothing, and deploys once',
    async (survives) => {
      const data = newDataFolder();
      await dropTumour(data);
      const draw = createDraws(20_261_125);
      for (let kill = 1; kill <= KILLS; kill += 1) {
        const app = startApp(data);
        await survives(`kill ${kill}`, async () => {
          void approveInBackground(app);
          // Some lives end while they start, some in the middle of a job, some in a deployment.
          const isEarly = draw() < 0.2;
          if (!isEarly) await app.ready;
          await delay(draw() * (isEarly ? 1500 : 3500));
          app.signal('SIGKILL');
          expect(await endOf(app, PATIENCE)).toBe('SIGKILL');
          expect(app.output()).not.toMatch(/damaged|could not start/);
        });
      }

      const last = startApp(data);
      void approveInBackground(last);
      const client = await clientOf(last);
      await survives('the end of the run', async () => {
        await waitForCard(client, /In production: v1/);
        const all = await client.messages('C0MLOPS');
        expect(all.filter(({ thread_ts }) => thread_ts === null)).toHaveLength(1);
      });
      last.signal('SIGTERM');
      await endOf(last, PATIENCE);
      expect(query(data, 'SELECT id FROM runs')).toHaveLength(1);
      expect(query(data, 'SELECT version FROM model_versions')).toHaveLength(1);
      expect(query(data, 'SELECT name FROM endpoint_configs')).toHaveLength(1);
      expect(query(data, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    },
    { seconds: 1200 },
  );

  attack(
    'SIGTERM of the app',
    'ends it with 0 wherever it is, also while a job runs',
    async (survives) => {
      const data = newDataFolder();
      await dropTumour(data);
      for (const seconds of [0, 0.7, 1.6, 3, 4.5]) {
        await survives(`${seconds} s after it was ready`, async () => {
          const app = startApp(data);
          await app.ready;
          await delay(seconds * 1000);
          app.signal('SIGTERM');
          expect(await endOf(app, PATIENCE)).toBe(0);
          expect(app.output()).not.toMatch(/\n\s+at /);
        });
      }
    },
    { seconds: 600 },
  );

  attack(
    'SIGSTOP/CONT, Ctrl-C twice',
    'leave an app that goes on, or ends',
    async (survives) => {
      const data = newDataFolder();
      await dropTumour(data);
      const app = startApp(data);
      const client = await clientOf(app);
      for (const seconds of [0.3, 1, 2]) {
        await survives(`stopped for ${seconds} s`, async () => {
          app.signal('SIGSTOP');
          await delay(seconds * 1000);
          app.signal('SIGCONT');
          expect((await client.jobs()).models).toHaveLength(2);
        });
      }
      await survives('the run goes on', () => waitForCard(client, /is waiting for approval/));
      await survives('Ctrl-C twice', async () => {
        app.signal('SIGINT');
        app.signal('SIGINT');
        expect([0, 1]).toContain(await endOf(app, PATIENCE));
      });
      await survives('the next start', async () => {
        const next = startApp(data);
        await waitForCard(await clientOf(next), /is waiting for approval/);
        next.signal('SIGINT');
        expect(await endOf(next, PATIENCE)).toBe(0);
      });
    },
    { seconds: 600 },
  );

  attack(
    'clock jumps',
    'by an hour, a day back and a day forth leave a run that goes on',
    async (survives) => {
      const data = newDataFolder();
      await dropTumour(data);
      const app = await startChild(data);
      const client = createLocalClient({ url: app.url });
      onTestFinished(() => client.close());
      for (const jump of ['an hour forth', 'a day back', 'a day forth']) {
        await survives(jump, async () => {
          await delay(1200);
          app.signal('SIGUSR2');
          await delay(300);
          expect((await client.jobs()).models).toHaveLength(2);
        });
      }
      await survives('the run', async () => {
        await approve(client);
        await waitForCard(client, /In production: v1/);
        expect(await app.stop()).toBe(0);
      });
    },
    { seconds: 600 },
  );

  attack(
    'second start on one folder',
    'is refused and disturbs nothing',
    async (survives) => {
      const data = newDataFolder();
      const first = startApp(data);
      const client = await clientOf(first);
      const others = [1, 2, 3, 4].map(() => startApp(data));
      for (const [index, other] of others.entries()) {
        await survives(`start ${index + 2}`, async () => {
          expect(await endOf(other, PATIENCE)).toBe(1);
          expect(other.output()).toContain(`The data folder is in use by process ${first.pid}.`);
          expect((await client.jobs()).models).toHaveLength(2);
        });
      }
    },
    { seconds: 300 },
  );

  attack(
    'two data folders, copies of one',
    'run side by side',
    async (survives) => {
      const data = newDataFolder();
      await dropTumour(data);
      const original = startApp(data);
      const client = await clientOf(original);
      await waitForCard(client, /tumour/);
      const [copy, other] = [newDataFolder(), newDataFolder()];
      rmSync(copy, { recursive: true });
      cpSync(data, copy, { recursive: true });

      const apps = [startApp(copy), startApp(other)];
      for (const [index, app] of apps.entries()) {
        await survives(index === 0 ? 'a copy' : 'another folder', async () => {
          expect((await (await clientOf(app)).jobs()).models).toHaveLength(2);
        });
      }
      await survives('the job of the original', () =>
        waitForCard(client, /is waiting for approval/),
      );
      await survives('the job of the copy', async () => {
        const [first] = apps;
        if (first === undefined) throw new Error('There is no copy.');
        await waitForCard(await clientOf(first), /is waiting for approval/);
      });
    },
    { seconds: 600 },
  );

  attack(
    'data folder removed or replaced',
    'ends the app with a sentence',
    async (survives) => {
      for (const isReplaced of [false, true]) {
        await survives(isReplaced ? 'replaced' : 'removed', async () => {
          const data = newDataFolder();
          const app = startApp(data);
          await app.ready;
          rmSync(data, { recursive: true });
          if (isReplaced) cpSync(newDataFolder(), data, { recursive: true });
          expect(await endOf(app, PATIENCE)).toBe(1);
          expect(app.output()).toContain('was removed or replaced while the app was running');
          expect(app.output()).not.toMatch(/\n\s+at /);
          expect(existsSync(join(data, 'state.sqlite'))).toBe(false);
        });
      }
    },
    { seconds: 300 },
  );
});
