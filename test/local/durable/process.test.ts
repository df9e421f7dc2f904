import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { acquireProcessLock } from '../../../pipeline/local/process-lock.ts';
import { createFolder } from './harness.ts';

const SCRIPT = fileURLToPath(new URL('first-life.ts', import.meta.url));

function startLife(folder: string, life: number): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', SCRIPT, folder, String(life)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** What the process says, line by line, until `isLast` or its end. */
async function listen(child: ChildProcess, isLast = (_line: string) => false): Promise<string[]> {
  const said: string[] = [];
  if (child.stdout === null) throw new Error('The process has no output.');
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (isLast(line)) break;
  }
  return said;
}

describe('a killed process', () => {
  it('is continued by the next one, which repeats only the step it died in', {
    timeout: 30_000,
  }, async () => {
    const folder = createFolder();
    const first = startLife(folder, 1);
    const before = await listen(first, (line) => line === '{"step":3}');
    first.kill('SIGKILL');
    await once(first, 'exit');

    const after = await listen(startLife(folder, 2));

    expect(before).toEqual(['{"step":1}', '{"step":2}', '{"step":3}']);
    expect(after).toEqual(['{"step":3}', '{"step":4}', '{"result":[1,2,3,4],"loadsAwsSdk":false}']);
  });

  it('holds its data folder while it lives, and not a moment longer', {
    timeout: 30_000,
  }, async () => {
    const folder = createFolder();
    const child = startLife(folder, 1);
    await listen(child, (line) => line === '{"step":3}');

    expect(() => acquireProcessLock(folder)).toThrow(
      `The data folder is in use by process ${child.pid}.`,
    );
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = acquireProcessLock(folder);

    expect(() => acquireProcessLock(folder)).toThrow(`in use by process ${process.pid}.`);
    lock.release();
    lock.release();
    acquireProcessLock(folder).release();
  });
});
