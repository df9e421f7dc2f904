import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectBot, identifyBot } from '../../bot/adapters/local/real-slack.ts';
import { createSqliteAnnouncementStore } from '../../bot/adapters/local/sqlite-announcement-store.ts';
import { nothingAnnounced } from '../../bot/announcer/announcement-store.ts';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { decisionValue } from '../../bot/features/approval/decision-buttons.ts';
import { openRealSlack } from '../../bot/local/slack-connection.ts';
import { openSocketConnection, type SocketConnection } from '../../bot/slack/socket-connection.ts';
import { openDatabase } from '../../pipeline/local/database.ts';
import { type BotHarness, createBotHarness, testConfig } from './bot-harness.ts';
import { createFakeSocketMode, type FakeSocketMode } from './fake-socket-mode.ts';
import { sample } from './sample.ts';

const tokens = { botToken: 'xoxb-1', appToken: 'xapp-1' };
/** Reconnects must not take seconds. */
const pace = { pingMilliseconds: 300, retryMilliseconds: 20 };

let socket: FakeSocketMode;
let bot: BotHarness;
let connection: SocketConnection | null;
/** What `apps.connections.open` says next, before it says yes again. */
let refusals: string[];

beforeEach(async () => {
  refusals = [];
  connection = null;
  socket = await createFakeSocketMode();
  bot = await createBotHarness({
    slackMethods: {
      'apps.connections.open': () => {
        const error = refusals.shift();
        return error === undefined ? { ok: true, url: socket.nextUrl() } : { ok: false, error };
      },
      'auth.test': () => ({ ok: true, url: 'https://acme.slack.com/', user_id: 'U0MLOPS' }),
    },
  });
});

afterEach(async () => {
  await connection?.close();
  await bot.close();
  await socket.close();
});

async function connect(): Promise<void> {
  connection = await openSocketConnection({
    appToken: tokens.appToken,
    apiUrl: bot.slack.apiUrl,
    attach: bot.attach,
    log: (line) => void bot.logged.push(line),
    pace,
  });
}

const who = (id: string) => ({
  user: { id, username: id, name: id, team_id: 'T0' },
  team: { id: 'T0', domain: 'acme' },
  api_app_id: 'A0',
  token: 't',
  trigger_id: `trigger-${id}`,
});

const command = (text: string) => ({
  command: '/mlops',
  text,
  user_id: 'U0ADA',
  user_name: 'Ada',
  channel_id: 'C0MLOPS',
  channel_name: 'ml-ops',
  team_id: 'T0',
  trigger_id: `trigger-${text}`,
  response_url: bot.slack.responseUrl,
});

const click = (userId: string, actionId: string) => ({
  ...who(userId),
  type: 'block_actions',
  channel: { id: 'C0MLOPS', name: 'ml-ops' },
  container: { type: 'message', message_ts: '1', channel_id: 'C0MLOPS' },
  message: { ts: '1', type: 'message' },
  response_url: bot.slack.responseUrl,
  actions: [
    {
      type: 'button',
      action_id: actionId,
      block_id: 'run',
      value: decisionValue(sample('waiting for approval')),
      action_ts: '1',
    },
  ],
});

const said = (payload: unknown) => plainText(payload as never);

describe('the bot by Socket Mode', () => {
  it('answers a slash command on the socket, as it does by HTTP', async () => {
    await connect();

    const { payload } = await socket.send('slash_commands', command('whoami'));

    expect(payload?.response_type).toBe('ephemeral');
    expect(said(payload)).toBe(await bot.command('U0ADA', 'whoami'));
  });

  it('counts a click and redraws the card', async () => {
    const run = sample('waiting for approval');
    bot.pipeline.put(run);
    await connect();

    await socket.send('interactive', click('U0GRACE', actionIds.approve));
    await expect.poll(() => bot.slack.roots().length).toBe(1);
    await bot.announcer.idle();

    expect((await bot.pipeline.getRun(run.id))?.approval?.outcome).toBe('approved');
    expect(said(bot.slack.roots()[0])).toContain('Approved by Grace');
  });

  it('opens a modal, refuses an empty reason in it and takes a good one', async () => {
    const run = sample('waiting for approval');
    bot.pipeline.put(run);
    await connect();
    const submit = (reason: string | null) =>
      socket.send('interactive', {
        ...who('U0GRACE'),
        type: 'view_submission',
        response_urls: [],
        view: {
          ...bot.slack.openedViews[0],
          id: 'V1',
          hash: 'h',
          state: { values: { reason: { text: { type: 'plain_text_input', value: reason } } } },
        },
      });

    await socket.send('interactive', click('U0GRACE', actionIds.reject));
    await expect.poll(() => bot.slack.openedViews.length).toBe(1);
    const empty = await submit(' ');
    const good = await submit('Too many false alarms.');

    expect(empty.payload).toMatchObject({ response_action: 'errors' });
    expect(good.payload).toEqual({});
    expect((await bot.pipeline.getRun(run.id))?.approval).toMatchObject({
      outcome: 'rejected',
      decisions: [{ reason: 'Too many false alarms.' }],
    });
  });

  it('publishes the Home tab and acknowledges the event', async () => {
    await connect();

    await socket.send('events_api', {
      type: 'event_callback',
      event_id: 'Ev1',
      event_time: 1,
      team_id: 'T0',
      api_app_id: 'A0',
      authorizations: [{ team_id: 'T0', user_id: 'U0MLOPS', is_bot: true }],
      event: { type: 'app_home_opened', user: 'U0ADA', tab: 'home', channel: 'D0' },
    });

    await expect.poll(() => bot.slack.homes.has('U0ADA')).toBe(true);
  });

  it.each(['refresh', 'cut'] as const)('comes back after a %s', async (how) => {
    await connect();

    socket[how]();
    await socket.connected(2);
    const { payload } = await socket.send('slash_commands', command('help all'));

    expect(said(payload)).toContain('/mlops status [model or run]');
  });

  it('survives a token that is refused while it reconnects', async () => {
    await connect();
    refusals = ['invalid_auth', 'account_inactive'];

    socket.cut();
    await socket.connected(2);

    expect(bot.logged.join('\n')).toContain('Slack refused to reconnect');
  });
});

describe('a real workspace beside the page', () => {
  it('is told what the page has been told already, and answers commands', async () => {
    const announcements = createSqliteAnnouncementStore({ database: openDatabase(':memory:') });
    const run = sample('training');
    const onPage = { ...nothingAnnounced, channel: 'C0PAGE', rootTs: '1.1', runRevision: 999 };
    await announcements.put(run.id, onPage, 0);
    bot.pipeline.put(run);
    const side = await openRealSlack({
      bot: { ...bot, config: testConfig, announcements, log: (line) => void bot.logged.push(line) },
      tokens: { ...tokens, apiUrl: bot.slack.apiUrl },
      identity: { url: 'https://acme.slack.com/', botUserId: 'U0MLOPS', missing: [] },
    });

    await side.announcer.announce(run.id);
    const { payload } = await socket.send('slash_commands', command('whoami'));
    await side.close();

    expect(bot.slack.roots()).toHaveLength(1);
    expect(said(payload)).toContain('You are Ada');
    expect((await announcements.get(run.id))?.announcement).toEqual(onPage);
  });
});

describe('a wrong token', () => {
  const options = () => ({
    tokens: { ...tokens, apiUrl: bot.slack.apiUrl },
    attach: bot.attach,
    config: testConfig,
    log: (line: string) => void bot.logged.push(line),
  });

  it('tells who the bot is when it is right, and that nothing is missing', async () => {
    expect(await identifyBot(options())).toEqual({
      url: 'https://acme.slack.com/',
      botUserId: 'U0MLOPS',
      missing: [],
    });
  });

  it('names a channel that is not there, and people who are not members', async () => {
    const config = { ...testConfig, channel: '#mlops', operators: ['U0ADA', 'U0NOONE'] };

    const { missing } = await identifyBot({ ...options(), config });

    expect(missing).toEqual([
      expect.stringContaining('There is no channel #mlops that the bot can see.'),
      expect.stringContaining('U0NOONE in mlops.config.ts is not a member of this workspace.'),
    ]);
    expect(bot.logged).toEqual(missing);
  });

  it.each([
    ['invalid_auth', 'Slack does not accept SLACK_BOT_TOKEN (invalid_auth).'],
    ['token_revoked', 'Slack does not accept SLACK_BOT_TOKEN (token_revoked).'],
    ['not_allowed_token_type', 'SLACK_BOT_TOKEN lacks a permission (not_allowed_token_type).'],
  ])('of the bot is one sentence (%s)', async (error, sentence) => {
    bot.slack.misbehave('auth.test', { kind: 'error', error });

    await expect(identifyBot(options())).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: sentence,
    });
  });

  it('of the app is one sentence', async () => {
    refusals = ['invalid_auth'];

    await expect(connectBot(options())).rejects.toMatchObject({
      message: 'Slack does not accept SLACK_APP_TOKEN (invalid_auth).',
    });
  });

  it('is told apart from a Slack that cannot be reached', async () => {
    const nowhere = { ...options(), tokens: { ...tokens, apiUrl: 'http://127.0.0.1:9/api/' } };

    await expect(identifyBot(nowhere)).rejects.toThrow('Slack could not be reached');
  });
});
