import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJournaledStore } from '../src/journaled-store.ts';
import { ADA, BOT_TOKEN, CHANNEL, type Harness, startHarness } from './workspace-harness.ts';

let stateFolder: string;

beforeEach(async () => {
  stateFolder = await mkdtemp(join(tmpdir(), 'workspace-'));
});

afterEach(() => rm(stateFolder, { recursive: true, force: true }));

describe('a workspace that starts again', () => {
  it('still has messages, threads, files, Home and modals, under the same ts and ids', async () => {
    const behave = (app: Harness['app']): void => {
      app.event('app_home_opened', async ({ event, client }) => {
        const text = { type: 'plain_text' as const, text: 'Two models' };
        const view = { type: 'home' as const, blocks: [{ type: 'header' as const, text }] };
        await client.views.publish({ user_id: event.user, view });
      });
    };
    const before = await startHarness({ behave, stateFolder });
    const root = await before.app.client.chat.postMessage({ channel: CHANNEL, text: 'root' });
    const thread_ts = String(root.ts);
    await before.app.client.chat.postMessage({ channel: CHANNEL, text: 'reply', thread_ts });
    await before.app.client.filesUploadV2({
      channel_id: CHANNEL,
      thread_ts,
      file: Buffer.from('a,b\n1,2\n'),
      filename: 'rows.csv',
    });
    await before.client.openHome(ADA);
    await before.client.waitFor(() => before.client.home(ADA));
    const thread = await before.client.thread(CHANNEL, thread_ts);
    await before.stop({ forget: false });

    const after = await startHarness({ behave, stateFolder });
    await after.app.client.chat.update({ channel: CHANNEL, ts: thread_ts, text: 'root, edited' });

    const [editedRoot, ...replies] = await after.client.thread(CHANNEL, thread_ts);
    expect(editedRoot).toMatchObject({ ts: thread_ts, text: 'root, edited', reply_count: 2 });
    expect(replies).toEqual(thread.slice(1));
    const file = replies[1]?.files[0];
    const bytes = await fetch(`${after.client.url}/files/${file?.id}`);
    expect(await bytes.text()).toBe('a,b\n1,2\n');
    expect((await after.client.home(ADA))?.blocks).toHaveLength(1);
    await after.stop();
  });

  it('has lost nothing after kill -9', async () => {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', join(import.meta.dirname, 'workspace-child.ts'), stateFolder],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { slackApiUrl } = JSON.parse(line.toString()) as { slackApiUrl: string };
    const slack = new WebClient(BOT_TOKEN, { slackApiUrl });
    const posted: (string | undefined)[] = [];
    for (const text of ['one', 'two', 'three']) {
      posted.push((await slack.chat.postMessage({ channel: CHANNEL, text })).ts);
    }
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;

    const after = await startHarness({ behave: () => {}, stateFolder });

    const messages = await after.client.messages(CHANNEL);
    expect(messages.map(({ ts, text }) => [ts, text])).toEqual([
      [posted[0], 'one'],
      [posted[1], 'two'],
      [posted[2], 'three'],
    ]);
    const next = await after.app.client.chat.postMessage({ channel: CHANNEL, text: 'four' });
    expect(posted).not.toContain(next.ts);
    await after.stop();
  });
});

describe('a state folder of version 0.1.0', () => {
  it('still opens: threads, files, reactions, Home, modals and direct messages', async () => {
    const fixture = join(import.meta.dirname, 'fixtures/workspace-of-0.1.0.ndjson');
    await copyFile(fixture, join(stateFolder, 'workspace.ndjson'));

    const { app, client, stop } = await startHarness({ behave: () => {}, stateFolder });

    const [root] = await client.messages(CHANNEL);
    expect(root).toMatchObject({
      text: 'Run spam-1, edited',
      edited: true,
      metadata: { event_type: 'run', event_payload: { run_id: 'run-1' } },
      reactions: [{ name: 'rocket', count: 1, users: ['U0MLOPS'] }],
      reply_count: 3,
    });
    const ts = String(root?.ts);
    const replies = (await client.thread(CHANNEL, ts)).slice(1);
    expect(replies.map(({ text }) => text)).toEqual(['Step 1', 'Nice, <@U0MLOPS>', '']);
    const file = replies[2]?.files[0];
    expect(await (await fetch(`${client.url}/files/${file?.id}`)).text()).toBe('a,b\n1,2\n');
    expect((await client.home(ADA))?.blocks).toMatchObject([{ text: { text: 'Two models' } }]);
    expect(await client.views(ADA)).toMatchObject([
      { callback_id: 'reject', private_metadata: 'run-1' },
    ]);
    expect(await client.messages(`D0${ADA}`)).toMatchObject([{ text: 'hello', user: ADA }]);

    const updated = await app.client.chat.update({ channel: CHANNEL, ts, text: 'Goes on' });
    const added = await app.client.chat.postMessage({ channel: CHANNEL, text: 'b', thread_ts: ts });
    expect(updated.ok).toBe(true);
    expect(Number(added.ts)).toBeGreaterThan(Number(replies[2]?.ts));
    await stop();
  });
});

describe('the journal', () => {
  const file = () => join(stateFolder, 'journal.ndjson');
  const open = () =>
    createJournaledStore({
      file: file(),
      transient: new Set(['passing']),
      shape: (_collection, row) => row,
      onChange: () => {},
    });

  it('drops a line that a crash left unfinished and goes on after it', async () => {
    const first = open();
    first.collection('kept').insert({ name: 'a' });
    first.close();
    await appendFile(file(), '{"c":"kept","r":{"id":2,"na');

    const second = open();
    second.collection('kept').insert({ name: 'b' });
    second.close();

    const third = open();
    expect(third.collection('kept').all()).toEqual([
      { id: 1, name: 'a' },
      { id: 2, name: 'b' },
    ]);
    third.close();
  });

  it('says which line is damaged instead of losing what follows', async () => {
    await writeFile(file(), '{"c":"kept","r":{"id":1}}\nnot json\n{"c":"kept","r":{"id":2}}\n');

    expect(open).toThrow('journal.ndjson:2');
  });

  it('keeps one line per living row once it is opened again', async () => {
    const first = open();
    const kept = first.collection('kept');
    const { id } = kept.insert({ step: 0 });
    for (let step = 1; step <= 100; step += 1) kept.update(id, { step });
    kept.delete(kept.insert({ step: -1 }).id);
    first.close();

    open().close();

    expect(await readFile(file(), 'utf8')).toBe('{"c":"kept","r":{"step":100,"id":1}}\n');
  });

  it('compacts while running and keeps no passing row', async () => {
    const store = open();
    const { id } = store.collection('kept').insert({ step: 0 });
    store.collection('passing').insert({ secret: 'token' });
    for (let step = 1; step <= 4_100; step += 1) store.collection('kept').update(id, { step });
    store.close();

    const lines = (await readFile(file(), 'utf8')).trim().split('\n');
    expect(lines.length).toBeLessThan(200);
    expect(lines.join()).not.toContain('token');
  });
});
