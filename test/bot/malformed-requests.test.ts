import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rejectionForm } from '../../bot/features/approval/decide-actions.ts';
import { type BotHarness, createBotHarness, signed } from './bot-harness.ts';

type Json = Readonly<Record<string, unknown>>;

/** Stands for the address of the fake Slack, which is known later. */
const responseUrl = 'https://response.url';

const user = { id: 'U0ADA', username: 'ada', name: 'ada', team_id: 'T0' };
const common = {
  user,
  team: { id: 'T0', domain: 'acme' },
  trigger_id: 'trigger-1',
  enterprise: null,
  is_enterprise_install: false,
};
const view = {
  id: 'V1',
  type: 'modal',
  hash: 'h',
  callback_id: rejectionForm.id,
  private_metadata: '',
  state: { values: { reason: { text: { type: 'plain_text_input', value: 'no' } } } },
};
const message = { ts: '1.0', thread_ts: '1.0', text: 'card' };
const channel = { id: 'C0MLOPS', name: 'ml-ops' };

const payloads: readonly (readonly [string, Json])[] = [
  [
    'a click',
    {
      ...common,
      type: 'block_actions',
      response_url: responseUrl,
      channel,
      message,
      container: { type: 'message', thread_ts: '1.0', is_ephemeral: false },
      state: { values: {} },
      actions: [{ type: 'button', action_id: 'run.stop', block_id: 'run', value: 'spam-1' }],
    },
  ],
  [
    'a choice',
    {
      ...common,
      type: 'block_actions',
      view,
      actions: [
        {
          type: 'static_select',
          action_id: 'retrain.model',
          block_id: 'model',
          selected_option: { value: 'spam' },
        },
      ],
    },
  ],
  ['a submitted form', { ...common, type: 'view_submission', view, response_urls: [] }],
  ['a closed form', { ...common, type: 'view_closed', view }],
  ['a shortcut', { ...common, type: 'shortcut', callback_id: 'run.about' }],
  [
    'a message shortcut',
    { ...common, type: 'message_action', callback_id: 'run.about', channel, message },
  ],
];

const event = (fields: Json): Json => ({
  type: 'event_callback',
  event_id: 'Ev1',
  team_id: 'T0',
  authorizations: [{ team_id: 'T0', user_id: 'U0MLOPS', is_bot: true, enterprise_id: null }],
  event: fields,
});
const events: readonly (readonly [string, Json])[] = [
  [
    'a mention',
    event({ type: 'app_mention', user: 'U0ADA', channel: 'C0MLOPS', ts: '1.0', text: 'status' }),
  ],
  [
    'a direct message',
    event({
      type: 'message',
      channel_type: 'im',
      user: 'U0ADA',
      channel: 'D0ADA',
      ts: '1.0',
      text: 'status',
    }),
  ],
  [
    'a shared file',
    event({ type: 'file_shared', file_id: 'F1', user_id: 'U0ADA', channel_id: 'D0ADA' }),
  ],
  ['an opened Home tab', event({ type: 'app_home_opened', user: 'U0ADA', tab: 'home' })],
  ['a reaction', event({ type: 'reaction_added', user: 'U0ADA', item: { channel: 'C0MLOPS' } })],
];

/** The value once for each of its parts, with that part left out or of another type. */
function* broken(value: unknown): Generator<unknown> {
  const others = [undefined, null, 7, 'x', [], {}, [null], true];
  yield* others.filter((other) => typeof other !== typeof value || typeof other === 'object');
  if (typeof value !== 'object' || value === null) return;
  for (const [name, part] of Object.entries(value)) {
    for (const other of broken(part)) {
      yield Array.isArray(value)
        ? value.map((each, index) => (String(index) === name ? other : each))
        : { ...value, [name]: other };
    }
  }
}

describe('a signed request of the wrong shape', () => {
  let bot: BotHarness;
  beforeAll(async () => {
    bot = await createBotHarness();
  });
  afterAll(() => bot.close());

  const post = (value: unknown, isForm: boolean) => {
    const json = (JSON.stringify(value) ?? '').replaceAll(responseUrl, bot.slack.responseUrl);
    return bot.handler(
      isForm
        ? signed(
            new URLSearchParams({ payload: json }).toString(),
            'application/x-www-form-urlencoded',
            bot.clock.now(),
          )
        : signed(json, 'application/json', bot.clock.now()),
    );
  };

  it.each([
    ...payloads.map(([name, value]) => [name, true, value] as const),
    ...events.map(([name, value]) => [name, false, value] as const),
  ])('%s is answered without a 500 and without a line in the log', async (_name, isForm, value) => {
    const before = bot.logged.length;
    const failed: unknown[] = [];
    let refused = 0;

    for (const other of broken(value)) {
      const { statusCode } = await post(other, isForm);
      if (statusCode === 400) refused += 1;
      else if (![200, 404].includes(statusCode)) failed.push(other);
    }

    expect(failed).toEqual([]);
    expect(bot.logged.slice(before)).toEqual([]);
    expect(refused).toBeGreaterThan(10);
  });
});
