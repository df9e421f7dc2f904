import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createWorkspace } from '@mlops-bot/slack-simulator';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startProblem } from '../../bot/local/start-problem.ts';
import { manifest } from '../../bot/slack/manifest.ts';
import { channels, identity, people } from '../../bot/workspace-page/team.ts';
import { openDatabase } from '../../pipeline/local/database.ts';
import { acquireProcessLock } from '../../pipeline/local/process-lock.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';

async function errorOf(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}

const errno = (code: string, more: object = {}) =>
  Object.assign(new Error(code), { code, ...more });

describe('a problem at the start', () => {
  const about = { port: 3000, dataFolder: '/srv/data' };

  it('names a free way around a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;

    const error = await errorOf(() =>
      createWorkspace({
        port,
        stateFolder: temporaryFolder(),
        signingSecret: 's',
        botToken: 'xoxb-x',
        requestUrl: 'http://127.0.0.1:9/',
        manifest,
        people,
        channels,
        identity,
      }),
    );

    expect(startProblem(error, { ...about, port })).toEqual({
      message: `Port ${port} is in use by another program.`,
      hint: `Stop it, or take another port: npm start -- --port ${port + 1} (0: any free one).`,
    });
  });

  it('says that the database is damaged', async () => {
    const dataFolder = temporaryFolder();
    writeFileSync(join(dataFolder, 'state.sqlite'), 'x'.repeat(10_000));

    const error = await errorOf(() => openDatabase(join(dataFolder, 'state.sqlite')));

    const message = `The database state.sqlite in ${dataFolder} is damaged.`;
    expect(startProblem(error, { ...about, dataFolder })?.message).toBe(message);
  });

  it('says that the lock file is damaged', async () => {
    const dataFolder = temporaryFolder();
    writeFileSync(join(dataFolder, 'engine.lock'), 'x'.repeat(10_000));

    const error = await errorOf(() => acquireProcessLock(dataFolder));

    expect(startProblem(error, about)).toEqual({
      message: 'The lock file engine.lock of the data folder is damaged.',
      hint: 'When no other mlops-bot uses the folder, delete that file and start again.',
    });
  });

  it('names the file that is in the place of the data folder', async () => {
    const dataFolder = join(temporaryFolder(), 'data');
    writeFileSync(dataFolder, '');

    const error = await errorOf(() => acquireProcessLock(dataFolder));

    expect(startProblem(error, about)?.message).toBe(
      `${dataFolder} is a file where a folder is needed.`,
    );
  });

  it('names the folder that is in the place of a file', async () => {
    const dataFolder = temporaryFolder();
    mkdirSync(join(dataFolder, 'engine.lock'));

    const error = await errorOf(() => acquireProcessLock(dataFolder));

    expect(startProblem(error, about)?.message).toBe(
      `${join(dataFolder, 'engine.lock')} is a folder where a file is needed.`,
    );
  });

  it.each([
    [errno('EROFS', { path: '/srv/data/engine.pid' }), '/srv/data/engine.pid cannot be written'],
    [errno('EACCES', { path: '/srv/data' }), '/srv/data cannot be written'],
    [errno('SQLITE_CANTOPEN'), '/srv/data cannot be written'],
    [errno('SQLITE_READONLY'), '/srv/data cannot be written'],
    [errno('EACCES', { syscall: 'listen' }), 'This user may not listen on port 3000.'],
    [errno('ENOSPC'), 'There is no space left for /srv/data.'],
  ])('puts %s into words, with what to do', (error, message) => {
    const problem = startProblem(error, about);

    expect(problem?.message).toContain(message);
    expect(problem?.hint).toContain('npm start -- --');
  });

  it('leaves an unexpected error with its stack', () => {
    expect(startProblem(new TypeError('x'), about)).toBeNull();
  });
});
