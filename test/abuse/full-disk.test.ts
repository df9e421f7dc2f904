// A file system of a few MB that is filled and freed while the real app runs on it. Only root may
// mount one; elsewhere test/local and packages/slack-simulator inject the same error at each call.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished } from 'vitest';
import { attack } from './attack.ts';
import {
  approve,
  clientOf,
  dropTumour,
  endOf,
  prepareDataFolder,
  startApp,
  waitForCard,
} from './running-app.ts';

const SIZE = '64m';

function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-mount-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
  if (status === 0) spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
  return status === 0;
}

/** A data folder on a small disk of its own. */
function smallDisk() {
  const disk = mkdtempSync(join(tmpdir(), 'mlops-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', disk]);
  onTestFinished(() => {
    execFileSync('umount', ['-l', disk]);
    rmSync(disk, { recursive: true, force: true });
  });
  const data = join(disk, 'data');
  mkdirSync(data, { mode: 0o700 });
  const ballast = join(disk, 'ballast');
  return {
    data: prepareDataFolder(data),
    fill() {
      const file = openSync(ballast, 'a');
      const chunk = Buffer.alloc(65_536, 1);
      try {
        for (let size = chunk.length; size > 0; ) {
          try {
            if (writeSync(file, chunk, 0, size) < size) break;
          } catch {
            size = size >> 1;
          }
        }
      } finally {
        closeSync(file);
      }
      expect(statfsSync(disk).bfree).toBe(0);
    },
    free: () => rmSync(ballast, { force: true }),
  };
}

const noTrace = (output: string) => expect(output).not.toMatch(/ends because of|could not start/);

if (canMount()) {
  describe('a full disk', () => {
    for (const [when, seconds] of [
      ['at the start of a run', 0],
      ['while a job runs', 2],
      ['while it is evaluated', 4],
    ] as const) {
      attack(
        'full disk',
        `${when} is said, ends nothing, and is over when there is space`,
        async (survives) => {
          const disk = smallDisk();
          const app = startApp(disk.data);
          const client = await clientOf(app);
          await dropTumour(disk.data);
          await survives(`full for 4 s, ${when}`, async () => {
            await delay(seconds * 1000);
            disk.fill();
            await delay(4000);
            expect((await client.jobs()).models).toHaveLength(2);
            disk.free();
            await waitForCard(client, /is waiting for approval|did not finish|failed|Something/);
            noTrace(app.output());
          });
          await survives('a restart afterwards', async () => {
            app.signal('SIGTERM');
            expect(await endOf(app, 60)).toBe(0);
            const next = startApp(disk.data);
            expect((await (await clientOf(next)).jobs()).models).toHaveLength(2);
            noTrace(next.output());
          });
        },
        { seconds: 600 },
      );
    }

    attack(
      'full disk',
      'at the approval and in the deployment loses no decision',
      async (survives) => {
        const disk = smallDisk();
        await dropTumour(disk.data);
        const app = startApp(disk.data);
        const client = await clientOf(app);
        const card = await waitForCard(client, /is waiting for approval/);
        await survives('a click while the disk is full', async () => {
          disk.fill();
          // Slack shows the refusal; what was not stored is not promised.
          await approve(client).catch(() => {});
          await delay(2000);
          disk.free();
          expect((await client.jobs()).models).toHaveLength(2);
        });
        await survives('the same click again', async () => {
          await delay(6000);
          const isLive = waitForCard(client, /In production: v1/);
          await client
            .click({ user: 'U0GRACE', on: card, action_id: 'run.approve' })
            .catch(() => {});
          await isLive;
        });
        await survives('full while the version is served', async () => {
          disk.fill();
          const [endpoint] = (await client.jobs()).endpoints;
          const answer = await client.predict('tumour', endpoint?.example);
          disk.free();
          expect(answer.status).toBe(200);
          noTrace(app.output());
        });
        await survives('a restart while it is full', async () => {
          app.signal('SIGTERM');
          expect(await endOf(app, 60)).toBe(0);
          disk.fill();
          const full = startApp(disk.data);
          await full.ready.catch(() => {});
          full.signal('SIGTERM');
          expect([0, 1]).toContain(await endOf(full, 60));
          expect(full.output()).not.toMatch(/\n\s+at /);
        });
        await survives('a restart with space', async () => {
          disk.free();
          const next = startApp(disk.data);
          await waitForCard(await clientOf(next), /In production: v1/);
        });
      },
      { seconds: 600 },
    );
  });
}
