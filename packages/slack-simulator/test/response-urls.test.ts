import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import { createJournaledStore } from '../src/journaled-store.ts';
import { createResponseUrls } from '../src/response-urls.ts';
import type { WorkspaceEvent } from '../src/types.ts';
import { ADA, CHANNEL, KIT, startForTest } from './workspace-harness.ts';

const silent = (_app: App): void => {};

describe('ephemeral messages', () => {
  it('reach one person alone and are dismissed for good', async () => {
    const { app, client, message } = await startForTest({ behave: silent });
    const received = client.waitForEvent(
      (event): event is Extract<WorkspaceEvent, { type: 'ephemeral' }> =>
        event.type === 'ephemeral',
    );
    await app.client.chat.postEphemeral({ channel: CHANNEL, user: KIT, text: 'You may not.' });

    const mine = await message(({ text }) => text === 'You may not.', KIT);

    expect((await received).message.ephemeral_for).toBe(KIT);
    expect(await client.messages(CHANNEL, { user: ADA })).toEqual([]);
    const history = await app.client.conversations.history({ channel: CHANNEL });
    expect(history.messages).toEqual([]);
    await fetch(`${client.url}/api/ephemeral/dismiss`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: KIT, channel: CHANNEL, ts: mine.ts }),
    });
    expect(await client.messages(CHANNEL, { user: KIT })).toEqual([]);
  });
});

function buttons(action_id: string) {
  const text = { type: 'plain_text' as const, text: action_id };
  const elements = [{ type: 'button' as const, action_id, text }];
  return [{ type: 'actions' as const, elements }];
}

describe('a response_url', () => {
  it('answers in the channel five times and no more', async () => {
    const { client, message } = await startForTest({
      behave: (app) =>
        app.command('/mlops', async ({ ack, command }) => {
          await ack();
          const statuses: number[] = [];
          for (let use = 1; use <= 6; use += 1) {
            const response = await fetch(command.response_url, {
              method: 'POST',
              headers: { 'content-type': 'application/json' },
              body: JSON.stringify({ response_type: 'in_channel', text: `answer ${use}` }),
            });
            statuses.push(response.status);
          }
          await app.client.chat.postMessage({ channel: CHANNEL, text: `done ${statuses}` });
        }),
    });

    await client.command({ user: ADA, channel: CHANNEL, text: '/mlops' });

    const done = await message(({ text }) => text.startsWith('done'));
    expect(done.text).toBe('done 200,200,200,200,200,404');
    const answers = (await client.messages(CHANNEL)).filter(({ text }) => text.includes('answer'));
    expect(answers).toHaveLength(5);
  });

  it('replaces and deletes the ephemeral message whose button was clicked', async () => {
    const { app, client, message } = await startForTest({
      behave(bolt) {
        bolt.action('more', async ({ ack, respond }) => {
          await ack();
          await respond({ replace_original: true, text: 'More', blocks: buttons('less') });
        });
        bolt.action('less', async ({ ack, respond }) => {
          await ack();
          await respond({ delete_original: true });
        });
      },
    });
    const blocks = buttons('more');
    await app.client.chat.postEphemeral({ channel: CHANNEL, user: KIT, text: 'Few', blocks });
    const first = await message(({ text }) => text === 'Few', KIT);

    await client.click({ user: KIT, on: first, action_id: 'more' });
    const second = await message(({ text }) => text === 'More', KIT);
    await client.click({ user: KIT, on: second, action_id: 'less' });

    expect(second.ts).toBe(first.ts);
    await client.waitFor(async () => (await client.messages(CHANNEL, { user: KIT })).length === 0);
    const stolen = client.click({ user: ADA, on: first, action_id: 'more' });
    await expect(stolen).rejects.toThrow('There is no message');
  });

  it('expires after thirty minutes', async () => {
    let now = 0;
    const store = createJournaledStore({
      file: join(mkdtempSync(join(tmpdir(), 'journal-')), 'journal.ndjson'),
      transient: new Set(),
      shape: (_collection, row) => row,
      onChange: () => {},
    });
    const call = () => ({ ok: true });
    const urls = createResponseUrls({ baseUrl: 'http://x', store, call, now: () => now });
    const target = { userId: ADA, channel: CHANNEL, messageTs: null, threadTs: null };
    const key = String(urls.mint(target).split('/').at(-1));

    now = 30 * 60_000 - 1;
    const inTime = await urls.use(key, { text: 'in time' });
    now += 1;
    const late = await urls.use(key, { text: 'late' });

    expect(inTime.ok).toBe(true);
    expect(late).toEqual({ ok: false, error: 'expired_url' });
    store.close();
  });
});
