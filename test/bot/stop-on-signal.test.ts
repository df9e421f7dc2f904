import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';

const fixture = join(import.meta.dirname, '../fixtures/stop-on-signal.ts');

async function startFixture() {
  const app = spawn(process.execPath, ['--import', 'tsx', fixture]);
  onTestFinished(() => void app.kill('SIGKILL'));
  const lines = createInterface({ input: app.stdout })[Symbol.asyncIterator]();
  const untilLine = async (text: string) => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) return false;
      if (value.includes(text)) return true;
    }
  };
  await untilLine('running');
  return { app, untilLine };
}

describe('stopOnSignal', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('closes the app on %s', async (signal) => {
    const { app, untilLine } = await startFixture();
    const exited = once(app, 'exit');

    app.kill(signal);
    const isStopping = await untilLine('Stopping');
    app.kill('SIGHUP');
    app.stdin.write('go on\n');
    const hasClosed = await untilLine('closed');

    expect([isStopping, hasClosed]).toEqual([true, true]);
    expect(await exited).toEqual([0, null]);
  });

  it('ends at once on a second Ctrl-C', async () => {
    const { app, untilLine } = await startFixture();
    const exited = once(app, 'exit');

    app.kill('SIGINT');
    await untilLine('Stopping');
    app.kill('SIGINT');

    expect(await exited).toEqual([1, null]);
  });

  it('closes the app when its terminal is gone', async () => {
    const { app } = await startFixture();
    const exited = once(app, 'exit');

    app.stdout.destroy();
    app.kill('SIGHUP');
    app.stdin.write('go on\n');

    expect(await exited).toEqual([0, null]);
  });
});
