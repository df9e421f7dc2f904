import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorkspaceClient } from '../src/client.ts';
import { runSimulator } from '../src/run-simulator.ts';
import { MANIFEST } from './workspace-harness.ts';

const BIN = join(import.meta.dirname, '../bin/slack-simulator.mjs');

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simulator-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('slack-simulator', () => {
  it('runs in front of any app that answers signed requests', async () => {
    const app = createServer((_request, response) => response.end('Hello from the app.'));
    await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
    const { port } = app.address() as AddressInfo;
    const manifest = join(folder, 'manifest.json');
    await writeFile(manifest, JSON.stringify(MANIFEST));
    const args = ['--request-url', `http://127.0.0.1:${port}/`, '--signing-secret', 'secret'];
    const more = ['--manifest', manifest, '--port', '0', '--state', join(folder, 'state')];
    const child = spawn(process.execPath, [BIN, ...args, ...more], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });

    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const url = /http:\S+/.exec(line.toString())?.[0] ?? '';
    const client = createWorkspaceClient({ url });
    await client.command({ user: 'U0ADA', channel: 'C0GENERAL', text: '/mlops status' });

    const [answer] = await client.messages('C0GENERAL', { user: 'U0ADA' });
    expect(answer?.text).toBe('Hello from the app.');
    client.close();
    const exited = once(child, 'exit');
    child.kill();
    await exited;
    app.close();
  });

  it('says which setting is missing', async () => {
    const started = runSimulator(['--signing-secret', 'x', '--state', folder], () => {});

    await expect(started).rejects.toThrow('--request-url is missing.');
  });
});
