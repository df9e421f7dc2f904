import { plainText } from '../../bot/blocks/plain-text.ts';
import type { HttpAnswer } from '../../bot/slack/verify-request.ts';
import type { FakeSlack } from './fake-slack-types.ts';

/** Menus, forms and shortcuts, as Slack sends them; part of the harness. */
export function interactionsOf({
  payload,
  common,
  slack,
}: {
  readonly payload: (fields: object) => Promise<HttpAnswer>;
  readonly common: (userId: string) => object;
  readonly slack: FakeSlack;
}) {
  return {
    /**
     * Chooses in a menu: of a modal when `view` is given, else of a message; what only this person
     * is told, or null.
     */
    async choose(
      userId: string,
      actionId: string,
      value: string,
      { view, isPrivate = false }: { view?: Record<string, unknown>; isPrivate?: boolean } = {},
    ): Promise<string | null> {
      const before = slack.privateAnswers.length;
      const result = await payload({
        ...common(userId),
        type: 'block_actions',
        ...(view === undefined
          ? {
              channel: { id: 'C0MLOPS', name: 'ml-ops' },
              ...messagePlace(isPrivate),
              response_url: slack.responseUrl,
            }
          : {
              container: { type: 'view', view_id: 'V2' },
              view: { ...view, id: 'V2', hash: 'h' },
            }),
        actions: [
          {
            type: 'static_select',
            action_id: actionId,
            block_id: 'model',
            selected_option: { text: { type: 'plain_text', text: value }, value },
            action_ts: '1',
          },
        ],
      });
      if (result.statusCode !== 200) throw new Error(`A choice was answered ${result.statusCode}.`);
      const answer = slack.privateAnswers[before];
      return answer === undefined ? null : plainText(answer as never);
    },
    /** Submits a modal as its fields stand, but for `changes` by block; Slack's side of the answer. */
    async submitForm(
      userId: string,
      view: Record<string, unknown>,
      changes: Readonly<Record<string, string | null>> = {},
    ): Promise<{
      response_action?: string;
      errors?: Record<string, string>;
      view?: { blocks: object[] };
    }> {
      const values = { ...initialValues(view), ...changes };
      const state = Object.fromEntries(
        Object.entries(values).map(([block, value]) => [
          block,
          { [elementOf(view, block).action_id]: entered(elementOf(view, block), value) },
        ]),
      );
      const { body } = await payload({
        ...common(userId),
        type: 'view_submission',
        response_urls: [],
        view: { ...view, id: 'V2', hash: 'h', state: { values: state } },
      });
      return body === '' ? {} : JSON.parse(body);
    },
    /** Uses a message shortcut on the message `ts`. */
    shortcut: (userId: string, callbackId: string, message: { ts: string; thread_ts?: string }) =>
      payload({
        ...common(userId),
        type: 'message_action',
        callback_id: callbackId,
        channel: { id: 'C0MLOPS', name: 'ml-ops' },
        message_ts: message.ts,
        message: { type: 'message', text: '', ...message },
        response_url: slack.responseUrl,
      }),
  };
}

/** Where a button of a message is; Slack leaves the message out when it was ephemeral. */
export function messagePlace(isPrivate: boolean): object {
  const container = { type: 'message', message_ts: '1', channel_id: 'C0MLOPS' };
  return isPrivate
    ? { container: { ...container, is_ephemeral: true } }
    : { container, message: { ts: '1', type: 'message' } };
}

/** As Slack names it: a person is chosen, everything else has a value. */
function entered({ type }: Field, value: string | null): object {
  return type === 'users_select' ? { type, selected_user: value } : { value };
}

interface Field {
  readonly type: string;
  readonly action_id: string;
}

function elementOf(view: Record<string, unknown>, block: string): Field {
  const blocks = view.blocks as { block_id?: string; element?: Field }[];
  const field = blocks.find(({ block_id }) => block_id === block);
  if (field?.element === undefined) throw new Error(`The modal has no field “${block}”.`);
  return field.element;
}

/** What the fields of a modal hold before anybody touched them, by block. */
function initialValues(view: Record<string, unknown>): Record<string, string> {
  const blocks = view.blocks as { type: string; block_id: string; element?: Element }[];
  return Object.fromEntries(
    blocks.flatMap(({ type, block_id, element }) =>
      type === 'input'
        ? [[block_id, element?.initial_option?.value ?? element?.initial_value ?? '']]
        : [],
    ),
  );
}

interface Element {
  readonly initial_option?: { readonly value: string };
  readonly initial_value?: string;
}
