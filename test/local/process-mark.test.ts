import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  endMarked,
  isRunningFor,
  MARK_VARIABLE,
  processMark,
} from '../../pipeline/local/process-mark.ts';
import { identifyProcess, type ProcessIdentity } from '../../pipeline/local/processes.ts';
import { python } from './job-runner-harness.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface Started {
  readonly child: ChildProcess;
  readonly identity: ProcessIdentity;
}

/** A process that is silent for a minute, in a session of its own. */
async function startSleeper({ mark, folder }: { mark: string; folder: string }): Promise<Started> {
  mkdirSync(folder, { recursive: true });
  const child = spawn(python, ['-c', 'import time; print(flush=True); time.sleep(60)'], {
    cwd: folder,
    env: { [MARK_VARIABLE]: mark },
    detached: true,
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const identity = identifyProcess(child.pid ?? 0);
  if (identity === null) throw new Error('The sleeper did not start.');
  return { child, identity };
}

describe('endMarked', () => {
  it.runIf(process.platform === 'linux')(
    'ends what continues the mark, and nothing else',
    async () => {
      const work = temporaryFolder();
      const mark = processMark(work, 'job/a-1');
      const start = (each: string) => startSleeper({ mark: each, folder: work });
      const marked = await Promise.all([mark, `${mark}/x`].map(start));
      const other = await start(processMark(work, 'job/a-10'));
      const exits = marked.map(({ child }) => once(child, 'exit'));

      await endMarked(mark);

      expect(await Promise.all(exits)).toEqual([
        [null, 'SIGKILL'],
        [null, 'SIGKILL'],
      ]);
      expect(identifyProcess(other.identity.pid)).toEqual(other.identity);
    },
  );
});

describe('isRunningFor', () => {
  it('is true for a process of the folder, even when that was renamed, not of a copy', async () => {
    const data = temporaryFolder();
    const [work, copy, renamed] = ['work', 'copy', 'renamed'].map((name) => join(data, name)) as [
      string,
      string,
      string,
    ];
    const mark = processMark(work, 'job/a');
    const { identity } = await startSleeper({ mark, folder: join(work, 'jobs/a') });
    cpSync(work, copy, { recursive: true });
    renameSync(work, renamed);

    expect(isRunningFor(renamed, { ...identity, mark })).toBe(true);
    expect(isRunningFor(copy, { ...identity, mark })).toBe(false);
    expect(isRunningFor(renamed, { ...identity, mark, startedAt: 'earlier' })).toBe(false);
  });

  it.runIf(process.platform === 'linux')(
    'finds the folder of a record without a mark',
    async () => {
      const work = join(temporaryFolder(), 'work');
      const copy = `${work}-copy`;
      const mark = processMark(work, 'job/a');
      const { identity } = await startSleeper({ mark, folder: join(work, 'jobs/a') });
      cpSync(work, copy, { recursive: true });

      expect(isRunningFor(work, identity)).toBe(true);
      expect(isRunningFor(copy, identity)).toBe(false);
    },
  );
});
