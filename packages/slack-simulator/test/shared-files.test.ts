import { beforeEach, expect, it } from 'vitest';
import {
  BOT_TOKEN,
  CHANNEL,
  GRACE,
  type Harness,
  MANIFEST,
  startForTest,
} from './workspace-harness.ts';

const manifest = {
  ...MANIFEST,
  oauth_config: { scopes: { bot: ['files:read', 'chat:write'] } },
  settings: { event_subscriptions: { bot_events: ['file_shared'] } },
};

let shared: Record<string, unknown>[];
let harness: Harness;

beforeEach(async () => {
  shared = [];
  harness = await startForTest({
    workspace: { manifest },
    behave: (app) => {
      app.event('file_shared', async ({ event }) => void shared.push({ ...event }));
    },
  });
});

it('tells the app of a file that a person shares, which it can read and download', async () => {
  const { client, app } = harness;

  const { file } = await client.share({
    user: GRACE,
    channel: CHANNEL,
    name: 'mails.csv',
    body: 'text,label\nhello,ham\n',
  });
  await client.waitFor(() => shared.length > 0, { what: 'the event' });

  expect(shared).toMatchObject([
    { file_id: file, file: { id: file }, user_id: GRACE, channel_id: CHANNEL },
  ]);
  const [message] = await client.messages(CHANNEL);
  expect(message).toMatchObject({ user: GRACE, files: [{ id: file, name: 'mails.csv' }] });
  const info = await app.client.files.info({ file });
  expect(info.file).toMatchObject({ name: 'mails.csv', size: 21, user: GRACE });
  const downloaded = await fetch(String(info.file?.url_private_download), {
    headers: { authorization: `Bearer ${BOT_TOKEN}` },
  });
  expect(await downloaded.text()).toBe('text,label\nhello,ham\n');
});

it('refuses an empty file, a stranger and an unknown channel', async () => {
  const { client } = harness;
  const file = { user: GRACE, channel: CHANNEL, name: 'mails.csv', body: 'x' };

  await expect(client.share({ ...file, body: '' })).rejects.toThrow('invalid_arguments');
  await expect(client.share({ ...file, user: 'U0NONE' })).rejects.toThrow('No one');
  await expect(client.share({ ...file, channel: 'C0NONE' })).rejects.toThrow('channel_not_found');
  expect(shared).toEqual([]);
});
