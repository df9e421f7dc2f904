import { createHmac } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { createSqliteAnnouncementStore } from '../../bot/adapters/local/sqlite-announcement-store.ts';
import { createSqlitePreferenceStore } from '../../bot/adapters/local/sqlite-preference-store.ts';
import type { AnnouncementStore } from '../../bot/announcer/announcement-store.ts';
import { unlimitedRates } from '../../bot/announcer/slack-pace.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { createBot } from '../../bot/create-bot.ts';
import type { DatasetInbox, LocalControls } from '../../bot/interaction/bot.ts';
import type { FunctionUrlEvent, HttpAnswer } from '../../bot/slack/verify-request.ts';
import type { PreferenceStore } from '../../bot/web-api/preference-store.ts';
import { type Config, defineConfig } from '../../pipeline/core/config.ts';
import { openDatabase } from '../../pipeline/local/database.ts';
import { createFakeClock, type FakeClock } from '../fakes/fake-clock.ts';
import { interactionsOf, messagePlace } from './bot-interactions.ts';
import { createFakePipeline, type FakePipeline } from './fake-pipeline.ts';
import { createFakeSlack, type FakeSlack } from './fake-slack.ts';

export const signingSecret = 'a-secret-of-the-tests';

export const testConfig: Config = defineConfig({
  channel: '#ml-ops',
  operators: ['U0ADA'],
  models: {
    spam: {
      title: 'Spam filter',
      task: 'text-classification',
      recipe: 'distilbert',
      columns: { label: 'label', text: 'text' },
      gate: { minimum: 0.9 },
      approval: { mode: 'people', approvers: ['U0GRACE'] },
    },
    tumour: {
      title: 'Tumour classifier',
      task: 'tabular-classification',
      recipe: 'tabular',
      columns: { label: 'diagnosis' },
      gate: { minimum: 0.9 },
      approval: { mode: 'people', approvers: ['S0LEADS'] },
    },
  },
});

/** The bot as Slack meets it: signed requests in, Web API calls out, nothing else to see. */
export async function createBotHarness(
  options: {
    announcements?: AnnouncementStore;
    preferences?: PreferenceStore;
    local?: LocalControls;
    datasets?: DatasetInbox;
    config?: Config;
    /** Slack's limits as the bot keeps them (default: none). */
    rates?: typeof unlimitedRates;
    /** Web API methods beyond those of the fake. */
    slackMethods?: Parameters<typeof createFakeSlack>[0];
    /** Waiting then only lets others run: for two processes, whose claims must not grow old. */
    doesTimeStandStill?: boolean;
    /** Shared with another harness: a second process of the same bot. */
    beside?: {
      readonly slack: FakeSlack;
      readonly pipeline: FakePipeline;
      readonly clock: FakeClock;
    };
  } = {},
) {
  const clock = options.beside?.clock ?? createFakeClock('2026-11-20T09:40:00.000Z');
  const slack = options.beside?.slack ?? (await createFakeSlack(options.slackMethods));
  const config = options.config ?? testConfig;
  const pipeline = options.beside?.pipeline ?? createFakePipeline({ config, clock });
  const logged: string[] = [];
  const waits: number[] = [];
  let waitListener = () => {};
  const { handler, attach, announcer, bot } = createBot({
    config,
    pipeline,
    slack: { botToken: 'xoxb-test', signingSecret, botUserId: 'U0MLOPS', apiUrl: slack.apiUrl },
    announcements:
      options.announcements ??
      createSqliteAnnouncementStore({ database: openDatabase(':memory:') }),
    preferences:
      options.preferences ?? createSqlitePreferenceStore({ database: openDatabase(':memory:') }),
    clock,
    log: (line) => void logged.push(line),
    ...(options.local ? { local: options.local } : {}),
    ...(options.datasets ? { datasets: options.datasets } : {}),
    pace: {
      elapsed: () => clock.now().getTime(),
      random: () => 0.5,
      // The fake clock makes waiting instant; another turn of the loop lets others run meanwhile.
      wait: async (milliseconds) => {
        waits.push(milliseconds);
        waitListener();
        await setImmediate();
        if (options.doesTimeStandStill !== true) clock.advance(milliseconds / 1000);
      },
    },
    rates: options.rates ?? unlimitedRates,
    claimSeconds: 20,
  });
  let triggers = 0;
  let lastAnswer: HttpAnswer | null = null;

  const post = (body: string, contentType: string) =>
    handler(signed(body, contentType, clock.now()));
  const form = (fields: Record<string, string>) =>
    post(new URLSearchParams(fields).toString(), 'application/x-www-form-urlencoded');
  const payload = (fields: object) => form({ payload: JSON.stringify(fields) });
  const user = (id: string) => ({ id, username: nameOf(id), name: nameOf(id), team_id: 'T0' });
  const common = (id: string, triggerId = `trigger-${++triggers}`) => ({
    user: user(id),
    team: { id: 'T0', domain: 'acme' },
    api_app_id: 'A0',
    token: 't',
    trigger_id: triggerId,
    is_enterprise_install: false,
    enterprise: null,
  });

  return {
    clock,
    slack,
    pipeline,
    announcer,
    handler,
    attach,
    /** What commands work with, for doors that are not Slack. */
    bot,
    logged,
    waits,
    /** Called whenever the announcer begins to wait. */
    onWait(listener: () => void): void {
      waitListener = listener;
    },
    /** Types a command; the private answer as plain text. */
    async command(
      userId: string,
      text: string,
      triggerId = `trigger-${++triggers}`,
    ): Promise<string> {
      lastAnswer = await form({
        command: '/mlops',
        text,
        user_id: userId,
        user_name: nameOf(userId),
        channel_id: 'C0MLOPS',
        channel_name: 'ml-ops',
        team_id: 'T0',
        trigger_id: triggerId,
        response_url: slack.responseUrl,
      });
      return answerText(lastAnswer);
    },
    /** The blocks the last command was answered with. */
    commandBlocks: (): readonly object[] => JSON.parse(lastAnswer?.body || '{}').blocks ?? [],
    /** Presses a button of a message; what only this person is told, or null. */
    async click(
      userId: string,
      actionId: string,
      value: string,
      place: {
        triggerId?: string;
        isInHome?: boolean;
        /** What the Home tab was published with. */
        metadata?: string;
        /** In a message only this person sees. */
        isPrivate?: boolean;
        /** What stands in the fields beside the button, by block. */
        entered?: Readonly<Record<string, string>>;
      } = {},
    ): Promise<string | null> {
      const { triggerId, isInHome = false, isPrivate = false, entered = {}, metadata = '' } = place;
      const before = slack.privateAnswers.length;
      const views = slack.openedViews.length;
      const result = await payload({
        ...common(userId, triggerId),
        type: 'block_actions',
        ...(isInHome
          ? {
              container: { type: 'view', view_id: 'V1' },
              view: {
                id: 'V1',
                type: 'home',
                hash: 'hash-1',
                blocks: [],
                private_metadata: metadata,
              },
            }
          : {
              channel: { id: 'C0MLOPS', name: 'ml-ops' },
              ...messagePlace(isPrivate),
              response_url: slack.responseUrl,
              state: {
                values: Object.fromEntries(
                  Object.entries(entered).map(([block, value]) => [block, { text: { value } }]),
                ),
              },
            }),
        actions: [{ type: 'button', action_id: actionId, block_id: 'run', value, action_ts: '1' }],
      });
      if (result.statusCode !== 200) throw new Error(`A click was answered ${result.statusCode}.`);
      const answer = slack.privateAnswers[before];
      if (answer !== undefined) return plainText(answer as never);
      const view = slack.openedViews[views];
      return view === undefined || view.callback_id ? null : plainText(view as never);
    },
    ...interactionsOf({ payload, common, slack }),
    /** Submits a modal with a reason; the raw answer to Slack. */
    submitReason: (userId: string, view: Record<string, unknown>, reason: string | null) =>
      payload({
        ...common(userId),
        type: 'view_submission',
        response_urls: [],
        view: {
          ...view,
          id: 'V2',
          hash: 'h',
          state: { values: { reason: { text: { type: 'plain_text_input', value: reason } } } },
        },
      }),
    event: (event: object, eventId = 'Ev1') =>
      post(
        JSON.stringify({
          type: 'event_callback',
          event_id: eventId,
          event_time: 1,
          team_id: 'T0',
          api_app_id: 'A0',
          token: 't',
          authorizations: [
            {
              team_id: 'T0',
              user_id: 'U0MLOPS',
              is_bot: true,
              enterprise_id: null,
              is_enterprise_install: false,
            },
          ],
          event,
        }),
        'application/json',
      ),
    async close() {
      await announcer.close();
      if (options.beside === undefined) await slack.close();
    },
  };
}

export type BotHarness = Awaited<ReturnType<typeof createBotHarness>>;

export function signed(body: string, contentType: string, now: Date): FunctionUrlEvent {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const digest = createHmac('sha256', signingSecret)
    .update(`v0:${timestamp}:${body}`)
    .digest('hex');
  return {
    headers: {
      'content-type': contentType,
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${digest}`,
    },
    body,
    isBase64Encoded: false,
    rawPath: '/slack/events',
    requestContext: { http: { method: 'POST' } },
  };
}

function answerText(answer: HttpAnswer): string {
  if (answer.statusCode !== 200) throw new Error(`A command was answered ${answer.statusCode}.`);
  return answer.body === '' ? '' : plainText(JSON.parse(answer.body));
}

function nameOf(userId: string): string {
  return (
    ({ U0ADA: 'Ada', U0GRACE: 'Grace', U0KIT: 'Kit' } as Record<string, string>)[userId] ?? userId
  );
}
