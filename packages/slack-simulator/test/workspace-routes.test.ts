import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import type { App } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import { ADA, CHANNEL, GRACE, startForTest } from './workspace-harness.ts';

const silent = (_app: App): void => {};

describe('the messages of a channel', () => {
  it('come in pages from the newest on, with what only the person sees in its place', async () => {
    const { app, client } = await startForTest({ behave: silent });
    for (const text of ['1', '2', '3', '4', '5']) {
      const { ts } = await app.client.chat.postMessage({ channel: CHANNEL, text });
      const reply = { channel: CHANNEL, text: `reply to ${text}` };
      await app.client.chat.postMessage({ ...reply, ...(ts ? { thread_ts: ts } : {}) });
      if (text === '3') {
        await app.client.chat.postEphemeral({ channel: CHANNEL, user: ADA, text: 'for Ada' });
      }
    }
    const page = async (before?: string) =>
      client.messages(CHANNEL, { user: ADA, limit: 2, ...(before ? { before } : {}) });

    const newest = await page();
    const middle = await page(newest[0]?.ts);
    const oldest = await page(middle[0]?.ts);

    const texts = [newest, middle, oldest].map((each) => each.map(({ text }) => text));
    expect(texts).toEqual([['4', '5'], ['2', '3', 'for Ada'], ['1']]);
    expect(newest[0]?.reply_count).toBe(1);
    expect((await client.messages(CHANNEL)).map(({ text }) => text)).toEqual([...'12345']);
  });
});

describe('the guard', () => {
  /** fetch does not let one set Host or Origin. */
  function status(url: string, headers: Record<string, string>, method = 'POST'): Promise<number> {
    return new Promise((resolve, reject) => {
      const sent = request(`${url}/api/messages`, { method, headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      sent.on('error', reject);
      sent.end(method === 'POST' ? '{}' : '');
    });
  }

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['an opaque origin', { origin: 'null' }],
    ['a rebound host name', { host: 'evil.example' }],
    ['a cross-site fetch', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
  ])('refuses %s', async (_case, headers) => {
    const { client } = await startForTest({ behave: silent });

    expect(await status(client.url, headers)).toBe(403);
    expect(await status(client.url, headers, 'GET')).toBe(403);
  });

  it('refuses plain forms and lets its own page in', async () => {
    const { client } = await startForTest({ behave: silent });
    const own = { origin: client.url, 'sec-fetch-site': 'same-origin' };

    const form = { ...own, 'content-type': 'application/x-www-form-urlencoded' };
    expect(await status(client.url, form)).toBe(415);
    expect(await status(client.url, { ...own, 'content-type': 'application/json' })).toBe(400);
    expect(await status(client.url, own, 'GET')).toBe(200);
  });

  it('serves the page under a policy that allows nothing from elsewhere', async () => {
    const { client } = await startForTest({ behave: silent });

    const page = await fetch(client.url);

    const policy = page.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(await page.text()).not.toMatch(/https?:\/\//);
  });
});

describe('entered text', () => {
  it('stays text: markup typed by a person is escaped, names are linked', async () => {
    const { client } = await startForTest({ behave: silent });

    const { message } = await client.post({
      user: ADA,
      channel: CHANNEL,
      text: '<!channel> & @grace see #ml-ops and https://example.com/a_b.',
    });

    expect(message.text).toBe(
      `&lt;!channel&gt; &amp; <@${GRACE}> see <#${CHANNEL}|ml-ops> and <https://example.com/a_b>.`,
    );
  });

  it('reaches the app as an event when it mentions it', async () => {
    const { client, message } = await startForTest({
      behave: (app) =>
        app.event('app_mention', async ({ event, say }) => {
          await say({ text: `Yes, <@${event.user}>?`, thread_ts: event.ts });
        }),
    });

    const { message: question } = await client.post({
      user: ADA,
      channel: CHANNEL,
      text: '@mlops how is spam?',
    });

    const root = await message(({ ts, reply_count }) => ts === question.ts && reply_count === 1);
    const [, reply] = await client.thread(CHANNEL, root.ts);
    expect(reply?.text).toBe(`Yes, <@${ADA}>?`);
  });
});

describe('a body over its limit', () => {
  it.each([
    ['/api/messages', 1_000_001],
    ['/slack/upload/v1/F0', 32_000_001],
  ])('is refused at %s', async (path, size) => {
    const { client } = await startForTest({ behave: silent });

    const answer = await fetch(`${client.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Uint8Array(size),
    });

    expect(answer.status).toBe(413);
    expect((await client.workspace()).team.name).toBe('Acme ML');
  });
});

describe('the event stream', () => {
  it('cuts off a page that does not read, and serves the others', async () => {
    const { app, client, message } = await startForTest({ behave: silent });
    const sleeping = connect(Number(new URL(client.url).port), '127.0.0.1');
    const closed = once(sleeping, 'close');
    sleeping.on('error', () => {});
    sleeping.write(`GET /api/events?user=* HTTP/1.1\r\nHost: ${new URL(client.url).host}\r\n\r\n`);
    await once(sleeping, 'data');
    sleeping.pause();

    const text = 'x'.repeat(39_000);
    for (let posted = 0; posted < 400; posted += 1) {
      await app.client.chat.postEphemeral({ channel: CHANNEL, user: ADA, text });
    }
    await app.client.chat.postMessage({ channel: CHANNEL, text: 'done' });
    sleeping.resume();

    await message((each) => each.text === 'done');
    await closed;
  });
});
