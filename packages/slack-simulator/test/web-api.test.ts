import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorkspace, type Workspace } from '../src/index.ts';
import { ADA, BOT_TOKEN, CHANNEL, GRACE, IDENTITY, MANIFEST } from './workspace-harness.ts';

let stateFolder: string;
let workspace: Workspace;
let slack: WebClient;

beforeEach(async () => {
  stateFolder = await mkdtemp(join(tmpdir(), 'workspace-'));
  workspace = await createWorkspace({
    port: 0,
    stateFolder,
    signingSecret: 'secret',
    botToken: BOT_TOKEN,
    requestUrl: 'http://127.0.0.1:9/',
    manifest: MANIFEST,
    identity: IDENTITY,
    people: [{ id: ADA, name: 'ada', realName: 'Ada Lovelace' }],
    channels: [{ id: CHANNEL, name: 'ml-ops' }],
    usergroups: [{ id: 'S0APPROVE', handle: 'approvers', name: 'Approvers', users: [GRACE] }],
    refusedBlockTypes: ['data_visualization'],
  });
  slack = webClient(BOT_TOKEN);
});

afterEach(async () => {
  await workspace.close();
  await rm(stateFolder, { recursive: true, force: true });
});

function webClient(token: string): WebClient {
  const { slackApiUrl } = workspace;
  const silent = { debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, setName() {} };
  const logger = { ...silent, getLevel: () => 'error' as never };
  return new WebClient(token, { slackApiUrl, retryConfig: { retries: 0 }, logger });
}

const refusedWith = (error: string) => ({ data: { ok: false, error } });

const post = (text: string, fields: object = {}) =>
  slack.chat.postMessage({ channel: CHANNEL, text, ...fields });

describe('the Web API', () => {
  it('knows who calls', async () => {
    expect(await slack.auth.test()).toMatchObject({
      user_id: 'U0MLOPS',
      bot_id: 'B0MLOPS',
      team: 'Acme ML',
    });
    await expect(webClient('xoxb-other').auth.test()).rejects.toMatchObject(
      refusedWith('invalid_auth'),
    );
    const anonymous = await fetch(`${workspace.slackApiUrl}auth.test`, { method: 'POST' });
    expect(await anonymous.json()).toEqual({ ok: false, error: 'not_authed' });
  });

  it('names methods that it does not have', async () => {
    const unknown = slack.apiCall('no.such.method');

    await expect(unknown).rejects.toMatchObject(refusedWith('unknown_method'));
    await expect(slack.apiCall('constructor')).rejects.toMatchObject(refusedWith('unknown_method'));
  });

  it('grants the scopes of the manifest and no others', async () => {
    const pin = slack.pins.add({ channel: CHANNEL, timestamp: '1.1' });
    const list = slack.conversations.list();

    await expect(pin).rejects.toMatchObject({
      data: { error: 'missing_scope', needed: 'pins:write' },
    });
    await expect(list).rejects.toMatchObject({
      data: { error: 'missing_scope', needed: 'channels:read' },
    });
  });

  it('has windows, cursors and metadata of the history on request', async () => {
    const metadata = { event_type: 'run', event_payload: { id: 'r1' } };
    const first = await post('a', { metadata });
    await post('b');

    const bare = await slack.conversations.history({ channel: CHANNEL, limit: 1 });
    const next = await slack.conversations.history({
      channel: CHANNEL,
      limit: 1,
      cursor: String(bare.response_metadata?.next_cursor),
    });
    const full = await slack.conversations.history({
      channel: CHANNEL,
      latest: String(first.ts),
      inclusive: true,
      include_all_metadata: true,
    });

    expect(bare).toMatchObject({ has_more: true, messages: [{ text: 'b' }] });
    expect(next).toMatchObject({ has_more: false, messages: [{ text: 'a' }] });
    expect(next.messages?.[0]?.metadata).toBeUndefined();
    expect(full.messages).toMatchObject([{ text: 'a', metadata, bot_id: 'B0MLOPS' }]);
  });

  it('counts a thread at its root', async () => {
    const { ts = '' } = await post('root');
    await post('reply', { thread_ts: ts });
    const last = await post('reply', { thread_ts: ts });

    const { messages } = await slack.conversations.replies({ channel: CHANNEL, ts });

    expect(messages).toHaveLength(3);
    expect(messages?.[0]).toMatchObject({ reply_count: 2, latest_reply: last.ts });
    const unknown = slack.conversations.replies({ channel: CHANNEL, ts: '1.1' });
    await expect(unknown).rejects.toMatchObject(refusedWith('thread_not_found'));
  });

  it('edits and deletes messages of the app alone', async () => {
    const { ts = '' } = await post('a');
    await slack.chat.update({ channel: CHANNEL, ts, text: 'b' });
    const { permalink } = await slack.chat.getPermalink({ channel: CHANNEL, message_ts: ts });
    await slack.chat.delete({ channel: CHANNEL, ts });

    expect(permalink).toBe(`${workspace.url}/slack/archives/${CHANNEL}/p${ts.replace('.', '')}`);
    const again = slack.chat.update({ channel: CHANNEL, ts, text: 'c' });
    await expect(again).rejects.toMatchObject(refusedWith('message_not_found'));
    await expect(post('', {})).rejects.toMatchObject(refusedWith('no_text'));
    await expect(slack.chat.postMessage({ channel: 'C0NOPE', text: 'x' })).rejects.toMatchObject(
      refusedWith('channel_not_found'),
    );
  });

  it('takes channels by name and people by id', async () => {
    const channel = await slack.chat.postMessage({ channel: '#ml-ops', text: 'x' });
    const direct = await slack.chat.postMessage({ channel: ADA, text: 'x' });

    expect([channel.channel, direct.channel]).toEqual([CHANNEL, `D0${ADA}`]);
  });

  it('adds and removes a reaction once', async () => {
    const { ts = '' } = await post('a');
    const reaction = { channel: CHANNEL, timestamp: ts, name: 'rocket' };

    await slack.reactions.add(reaction);
    const twice = slack.reactions.add(reaction);

    await expect(twice).rejects.toMatchObject(refusedWith('already_reacted'));
    await slack.reactions.remove(reaction);
    await expect(slack.reactions.remove(reaction)).rejects.toMatchObject(
      refusedWith('no_reaction'),
    );
  });

  it('has user groups and people', async () => {
    const group = await slack.usergroups.users.list({ usergroup: 'S0APPROVE' });
    const { user } = await slack.users.info({ user: ADA });

    expect(group.users).toEqual([GRACE]);
    expect(user).toMatchObject({ id: ADA, real_name: 'Ada Lovelace' });
    expect(user?.profile?.email).toBeUndefined();
  });

  it('shares an uploaded file in a thread once its bytes are there', async () => {
    const { ts = '' } = await post('root');
    const upload = await slack.files.getUploadURLExternal({ filename: 'rows.csv', length: 3 });
    const files: [{ id: string }] = [{ id: String(upload.file_id) }];
    const target = { files, channel_id: CHANNEL, thread_ts: ts };
    const early = slack.files.completeUploadExternal(target);
    await expect(early).rejects.toMatchObject(refusedWith('file_not_found'));

    await fetch(String(upload.upload_url), { method: 'POST', body: 'a,b' });
    const done = await slack.files.completeUploadExternal(target);

    expect(done.files).toMatchObject([{ name: 'rows.csv', mimetype: 'text/csv', size: 3 }]);
    const { messages } = await slack.conversations.replies({ channel: CHANNEL, ts });
    expect(messages?.[1]).toMatchObject({ files: [{ id: upload.file_id }] });
    const bytes = await fetch(`${workspace.url}/files/${upload.file_id}`);
    expect(await bytes.text()).toBe('a,b');
  });
});

describe('invalid blocks', () => {
  const section = (length: number) => ({
    type: 'section',
    text: { type: 'mrkdwn', text: 'x'.repeat(length) },
  });

  it.each([
    ['too many blocks', Array(51).fill({ type: 'divider' }), '/blocks'],
    ['a text that is too long', [{ type: 'divider' }, section(3_001)], '/blocks/1/text/text'],
    ['an unknown type', [{ type: 'pie' }], '/blocks/0/type'],
    ['a type this workspace does not have', [{ type: 'data_visualization' }], '/blocks/0/type'],
  ])('are refused with the place: %s', async (_case, blocks, at) => {
    await expect(post('x', { blocks })).rejects.toMatchObject({
      data: {
        error: 'invalid_blocks',
        response_metadata: {
          messages: expect.arrayContaining([expect.stringContaining(`[json-pointer:${at}]`)]),
        },
      },
    });
  });

  it('leave a message that is within the limits alone', async () => {
    expect((await post('x', { blocks: [section(3_000)] })).ok).toBe(true);
  });
});
