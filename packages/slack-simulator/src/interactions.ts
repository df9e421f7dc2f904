/** What people do in the workspace, sent to the app as signed requests, and the app's answers applied. */
import type { JournaledStore } from './journaled-store.ts';
import { findElement, type Payloads, type StateValues, targetOf } from './payloads.ts';
import type { ResponseTarget, ResponseUrls } from './response-urls.ts';
import { formBody, type SendSigned, type SignedAnswer } from './signed-request.ts';
import type { Triggers } from './triggers.ts';
import type { Delivery, Manifest, Person } from './types.ts';
import type { WorkspaceReader } from './workspace-reader.ts';

export interface ActionInput {
  readonly user: string;
  readonly channel?: string | undefined;
  readonly ts?: string | undefined;
  readonly view_id?: string | undefined;
  readonly block_id: string;
  readonly action_id: string;
  /** What was chosen, under the element's own field name: selected_option, selected_date, value, … */
  readonly choice: Readonly<Record<string, unknown>>;
  readonly values: StateValues;
}

export interface Interactions {
  command(input: { user: string; channel: string; text: string }): Promise<Delivery>;
  action(input: ActionInput): Promise<Delivery>;
  shortcut(input: {
    user: string;
    callback_id: string;
    channel?: string | undefined;
    ts?: string | undefined;
  }): Promise<Delivery>;
}

/** Thrown when a request names something that does not exist; the message is for the caller. */
export class UnknownTargetError extends Error {}

export interface InteractionTools {
  readonly store: JournaledStore;
  readonly reader: WorkspaceReader;
  readonly send: SendSigned;
  readonly responseUrls: ResponseUrls;
  readonly person: (id: string) => Person;
  readonly triggers: Triggers;
  readonly payloads: Payloads;
  readonly now: () => number;
}

export function createInteractions(
  options: InteractionTools & {
    manifest: Manifest;
    /** Shows a line to one person only, as Slack does when an app fails. */
    notify: (target: ResponseTarget, text: string) => void;
  },
): Interactions {
  const { store, reader, send, responseUrls, triggers, payloads, person, notify, manifest, now } =
    options;

  const sendPayload = (payload: object): Promise<SignedAnswer> => sendInteraction(send, payload);

  async function command(input: { user: string; channel: string; text: string }) {
    const [name = '', ...rest] = input.text.trim().split(/\s+/);
    const known = manifest.features?.slash_commands?.find((each) => each.command === name);
    const target = {
      userId: input.user,
      channel: input.channel,
      messageTs: null,
      threadTs: null,
    };
    if (!known) {
      notify(target, `\`${name}\` is not a command of an app in this workspace.`);
      return { ok: false, error: 'unknown_command' } as const;
    }
    const answer = await send({
      contentType: 'application/x-www-form-urlencoded',
      body: formBody(
        payloads.commandFields({
          person: person(input.user),
          channel: input.channel,
          channelName: reader.channelName(input.channel),
          command: name,
          text: rest.length === 0 ? '' : input.text.trim().slice(name.length).trim(),
          triggerId: triggers.mint(input.user),
          responseUrl: responseUrls.mint(target),
        }),
      ),
    });
    if (!answer.ok) {
      notify(target, `${name} failed with the error "${answer.error}"`);
      return answer;
    }
    const message = parseMessage(answer.body);
    if (message) responseUrls.apply(target, message);
    return { ok: true } as const;
  }

  async function action(input: ActionInput): Promise<Delivery> {
    return input.view_id
      ? viewAction(input, input.view_id)
      : messageAction(input, input.channel ?? '', input.ts ?? '');
  }

  async function messageAction(input: ActionInput, channel: string, ts: string): Promise<Delivery> {
    const message = reader.message(channel, ts);
    if (!message) throw new UnknownTargetError(`There is no message ${ts} in ${channel}.`);
    if (message.ephemeral_for !== null && message.ephemeral_for !== input.user) {
      throw new UnknownTargetError(`There is no message ${ts} in ${channel}.`);
    }
    const target = targetOf(message, input.user);
    const answer = await sendPayload(
      payloads.messageActionPayload({
        person: person(input.user),
        message,
        channelName: reader.channelName(channel),
        action: actionJson(
          input,
          findElement(message.blocks, input.block_id, input.action_id),
          now(),
        ),
        values: input.values,
        triggerId: triggers.mint(input.user),
        responseUrl: responseUrls.mint(target),
      }),
    );
    return answer.ok ? { ok: true } : answer;
  }

  async function viewAction(input: ActionInput, viewId: string): Promise<Delivery> {
    const view = reader.view(viewId);
    const row = store.collection('slack.views').findOneBy('view_id', viewId);
    if (!view || !row || view.user !== input.user) {
      throw new UnknownTargetError(`There is no open view ${viewId}.`);
    }
    const answer = await sendPayload(
      payloads.viewActionPayload({
        person: person(input.user),
        view,
        viewJson: payloads.viewJson(row, input.values),
        action: actionJson(input, findElement(view.blocks, input.block_id, input.action_id), now()),
        triggerId: triggers.mint(input.user, viewId),
      }),
    );
    return answer.ok ? { ok: true } : answer;
  }

  return {
    command,
    action,
    async shortcut(input) {
      const message = input.ts && reader.message(input.channel ?? '', input.ts);
      if (input.ts && !message) throw new UnknownTargetError(`There is no message ${input.ts}.`);
      const answer = await sendPayload(
        payloads.shortcutPayload({
          person: person(input.user),
          callbackId: input.callback_id,
          triggerId: triggers.mint(input.user),
          onMessage: message
            ? {
                message,
                channelName: reader.channelName(message.channel),
                responseUrl: responseUrls.mint(targetOf(message, input.user)),
              }
            : null,
        }),
      );
      return answer.ok ? { ok: true } : answer;
    },
  };
}

export function sendInteraction(send: SendSigned, payload: object): Promise<SignedAnswer> {
  return send({
    contentType: 'application/x-www-form-urlencoded',
    body: formBody({ payload: JSON.stringify(payload) }),
  });
}

function actionJson(input: ActionInput, element: Record<string, unknown> | undefined, now: number) {
  if (!element) {
    throw new UnknownTargetError(
      `There is no element ${input.action_id} in block ${input.block_id}; the message may have changed.`,
    );
  }
  const { text, value, style, placeholder } = element;
  return {
    type: element.type,
    action_id: input.action_id,
    block_id: input.block_id,
    ...(text ? { text } : {}),
    ...(value !== undefined ? { value } : {}),
    ...(style ? { style } : {}),
    ...(placeholder ? { placeholder } : {}),
    ...input.choice,
    action_ts: (now / 1000).toFixed(6),
  };
}

/** An acknowledgement may carry a message, as text or JSON. */
function parseMessage(body: string): Record<string, unknown> | null {
  if (body.trim() === '') return null;
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null
      ? (parsed as Record<string, unknown>)
      : { text: String(parsed) };
  } catch {
    return { text: body };
  }
}
