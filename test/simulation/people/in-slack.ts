import { actionIds } from '../../../bot/blocks/action-ids.ts';
import type { SlackBot } from '../../../bot/create-bot.ts';
import type { Clock } from '../../../pipeline/core/ports.ts';
import { signed } from '../../bot/bot-harness.ts';
import type { SlackMessage } from '../../bot/fake-slack-types.ts';
import type { Choices } from '../engine/choices.ts';
import type { Attempt } from '../invariants/monitor.ts';
import type { Report } from '../invariants/violation.ts';
import { RESPONSE_URL, type SimulatedSlack } from '../services/sim-slack.ts';
import type { Intention, Person } from './people.ts';

export interface SlackButton {
  readonly action: string;
  readonly value: string;
}

/** What people do in Slack: they type commands, press buttons they see or saw, and fill forms in. */
export interface InSlack {
  /** Remembers the buttons of all cards, which people may still press when they are gone. */
  look(): void;
  /** Null when the person sees no button to decide with. */
  buttonFor(attempt: Attempt): SlackButton | null;
  decide(attempt: Attempt, button: SlackButton): Promise<void>;
  act(intention: Intention, by: Person): Promise<void>;
}

type Fields = Readonly<Record<string, string>>;

/** Requests as Slack sends them, to the real handler of a process. */
export function createInSlack(options: {
  readonly bot: () => SlackBot | null;
  readonly slack: SimulatedSlack;
  readonly clock: Clock;
  readonly choices: Choices;
  readonly report: Report;
}): InSlack {
  const { slack, clock, choices, report } = options;
  const seen = new Map<string, SlackButton>();
  let requests = 0;

  async function post(fields: Fields): Promise<void> {
    const bot = options.bot();
    if (bot === null) throw new Error('Slack reaches no process.');
    const body = new URLSearchParams(fields).toString();
    const request = signed(body, 'application/x-www-form-urlencoded', clock.now());
    const { statusCode } = await bot.handler(request);
    if (statusCode !== 200) report('answered', `${statusCode} to ${body.slice(0, 200)}`);
  }

  const payload = (by: Person, triggerId: string, fields: object) =>
    post({
      payload: JSON.stringify({
        user: { id: by.id, username: by.name, name: by.name, team_id: 'T0' },
        team: { id: 'T0', domain: 'acme' },
        api_app_id: 'A0',
        token: 't',
        trigger_id: triggerId,
        is_enterprise_install: false,
        enterprise: null,
        ...fields,
      }),
    });

  const type = (by: Person, text: string, triggerId: string) =>
    post({
      command: '/mlops',
      text,
      user_id: by.id,
      user_name: by.name,
      channel_id: 'C0MLOPS',
      channel_name: 'ml-ops',
      team_id: 'T0',
      trigger_id: triggerId,
      response_url: RESPONSE_URL,
    });

  const press = (by: Person, { action, value }: SlackButton) =>
    payload(by, `press-${++requests}`, {
      type: 'block_actions',
      channel: { id: 'C0MLOPS', name: 'ml-ops' },
      container: { type: 'message', message_ts: '1', channel_id: 'C0MLOPS' },
      message: { ts: '1', type: 'message' },
      response_url: RESPONSE_URL,
      state: { values: {} },
      actions: [{ type: 'button', action_id: action, block_id: 'run', value, action_ts: '1' }],
    });

  /** Fills in the newest form whose metadata begins like this; none when Slack opened none. */
  async function submit(by: Person, metadata: string, reason: string): Promise<void> {
    const view = slack.openedViews.findLast(({ private_metadata }) =>
      String(private_metadata ?? '').startsWith(metadata),
    );
    if (view === undefined) return;
    const state = { values: { reason: { text: { type: 'plain_text_input', value: reason } } } };
    await payload(by, `submit-${++requests}`, {
      type: 'view_submission',
      response_urls: [],
      view: { ...view, id: `V${++requests}`, hash: 'h', state },
    });
  }

  function look(): void {
    for (const message of slack.messages) {
      for (const button of buttonsOf(message)) seen.set(`${button.action} ${button.value}`, button);
    }
  }

  /** One of the last few that were ever seen: on an old card, perhaps. */
  function someButton(action: string, about: string, label: string): SlackButton | null {
    look();
    const [first, ...others] = [...seen.values()]
      .filter((button) => button.action === action && button.value.startsWith(about))
      .slice(-3);
    return first === undefined ? null : choices.pick(label, [first, ...others]);
  }

  async function rollBack(intention: Intention, by: Person): Promise<void> {
    const { id, model } = intention;
    const isTyped = choices.chance(`${id}: types it`, 0.5);
    const button = isTyped ? null : someButton(actionIds.rollBack, model, `${id}: which card`);
    const isNamed = intention.kind === 'rollback' && intention.isNamed;
    const version = isNamed ? ` v${choices.integer(`${id}: version`, 1, 4)}` : '';
    if (button === null) await type(by, `rollback ${model}${version}`, `${id} of ${by.name}`);
    else await press(by, button);
    await submit(by, `["${model}"`, 'too many complaints');
  }

  return {
    look,
    buttonFor({ runId, outcome, digest }) {
      look();
      const action = outcome === 'approved' ? actionIds.approve : actionIds.reject;
      const about = `["${runId}"`;
      const found = [...seen.values()].find(
        (button) => button.action === action && button.value.startsWith(about),
      );
      // An old card names what was asked about then.
      return found === undefined ? null : { action, value: JSON.stringify([runId, digest]) };
    },
    async decide({ by, runId, digest, outcome }, button) {
      if (by.kind !== 'person') return;
      await press(by, button);
      if (outcome === 'rejected') {
        await submit(by, JSON.stringify([runId, digest]).slice(0, -1), 'not today');
      }
    },
    async act(intention, by) {
      const { id, kind, model } = intention;
      const triggerId = `${id} of ${by.name}`;
      switch (kind) {
        case 'retrain':
        case 'stop':
          return type(by, `${kind} ${model}`, triggerId);
        case 'promote':
          return type(by, `promote ${model} ${choices.integer(`${id}: version`, 1, 4)}`, triggerId);
        case 'rollback':
          return rollBack(intention, by);
        case 'on_demand': {
          const button = someButton(actionIds.onDemand, model, `${id}: which card`);
          return button === null ? undefined : press(by, button);
        }
        case 'drop':
          throw new Error('A file is dropped into the inbox.');
      }
    },
  };
}

function buttonsOf({ blocks }: SlackMessage): readonly SlackButton[] {
  const found: SlackButton[] = [];
  const search = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { type, action_id: action, value: carried } = value as Record<string, unknown>;
    if (type === 'button' && typeof action === 'string' && typeof carried === 'string') {
      found.push({ action, value: carried });
    }
    for (const part of Object.values(value)) search(part);
  };
  search(blocks);
  return found;
}
