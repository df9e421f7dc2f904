/** The bodies Slack sends to an app. Pure: no clock, no I/O; field by field as in docs.slack.dev. */
import type { ResponseTarget } from './response-urls.ts';
import type {
  BlockJson,
  Person,
  WorkspaceIdentity,
  WorkspaceMessage,
  WorkspaceView,
} from './types.ts';

/** The long-deprecated verification token; apps verify the signature instead. */
const TOKEN = 'local';

export type StateValues = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export type Payloads = ReturnType<typeof createPayloads>;

export function createPayloads({ team, appId, botId, botUserId }: WorkspaceIdentity) {
  function commandFields(input: {
    person: Person;
    channel: string;
    channelName: string;
    command: string;
    text: string;
    triggerId: string;
    responseUrl: string;
  }): Record<string, string> {
    return {
      token: TOKEN,
      team_id: team.id,
      team_domain: team.domain,
      channel_id: input.channel,
      channel_name: input.channelName,
      user_id: input.person.id,
      user_name: input.person.name,
      command: input.command,
      text: input.text,
      api_app_id: appId,
      is_enterprise_install: 'false',
      response_url: input.responseUrl,
      trigger_id: input.triggerId,
    };
  }

  function messageActionPayload(input: {
    person: Person;
    message: WorkspaceMessage;
    channelName: string;
    action: Record<string, unknown>;
    values: StateValues;
    triggerId: string;
    responseUrl: string;
  }): object {
    const { message } = input;
    return {
      ...interaction('block_actions', input.person, input.triggerId),
      container: {
        type: 'message',
        message_ts: message.ts,
        channel_id: message.channel,
        is_ephemeral: message.ephemeral_for !== null,
        ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}),
      },
      channel: { id: message.channel, name: input.channelName },
      // Slack leaves the message out when it was ephemeral.
      ...(message.ephemeral_for === null ? { message: messageJson(message) } : {}),
      state: { values: input.values },
      response_url: input.responseUrl,
      actions: [input.action],
    };
  }

  function viewActionPayload(input: {
    person: Person;
    view: WorkspaceView;
    viewJson: Record<string, unknown>;
    action: Record<string, unknown>;
    triggerId: string;
  }): object {
    return {
      ...interaction('block_actions', input.person, input.triggerId),
      container: { type: 'view', view_id: input.view.id },
      view: input.viewJson,
      actions: [input.action],
    };
  }

  function viewSubmissionPayload(input: {
    person: Person;
    viewJson: Record<string, unknown>;
    triggerId: string;
  }): object {
    return {
      ...interaction('view_submission', input.person, input.triggerId),
      view: input.viewJson,
      response_urls: [],
    };
  }

  function viewClosedPayload(input: {
    person: Person;
    viewJson: Record<string, unknown>;
    isCleared: boolean;
  }): object {
    const { trigger_id: _none, ...base } = interaction('view_closed', input.person, '');
    return { ...base, view: input.viewJson, is_cleared: input.isCleared };
  }

  function shortcutPayload(input: {
    person: Person;
    callbackId: string;
    triggerId: string;
    onMessage: { message: WorkspaceMessage; channelName: string; responseUrl: string } | null;
  }): object {
    const base = interaction(
      input.onMessage ? 'message_action' : 'shortcut',
      input.person,
      input.triggerId,
    );
    if (!input.onMessage) return { ...base, callback_id: input.callbackId };
    const { message, channelName, responseUrl } = input.onMessage;
    return {
      ...base,
      callback_id: input.callbackId,
      message_ts: message.ts,
      channel: { id: message.channel, name: channelName },
      message: messageJson(message),
      response_url: responseUrl,
    };
  }

  function eventPayload(event: Record<string, unknown>, id: string, seconds: number): object {
    return {
      token: TOKEN,
      team_id: team.id,
      api_app_id: appId,
      type: 'event_callback',
      event_id: id,
      event_time: seconds,
      authorizations: [{ enterprise_id: null, team_id: team.id, user_id: botUserId, is_bot: true }],
      is_ext_shared_channel: false,
      event,
    };
  }

  /** A view as interaction payloads carry it, with what the person has entered so far. */
  function viewJson(
    row: Readonly<Record<string, unknown>>,
    values: StateValues,
  ): Record<string, unknown> {
    return {
      id: row.view_id,
      team_id: team.id,
      type: row.type,
      blocks: row.blocks,
      private_metadata: row.private_metadata,
      callback_id: row.callback_id,
      state: { values },
      hash: row.hash,
      title: row.title,
      submit: row.submit,
      close: row.close,
      clear_on_close: row.clear_on_close,
      notify_on_close: row.notify_on_close,
      previous_view_id: row.previous_view_id ?? null,
      root_view_id: row.root_view_id || row.view_id,
      external_id: row.external_id,
      app_id: appId,
      app_installed_team_id: team.id,
      bot_id: botId,
    };
  }

  function interaction(type: string, person: Person, triggerId: string) {
    return {
      type,
      team: { id: team.id, domain: team.domain },
      user: { id: person.id, username: person.name, name: person.name, team_id: team.id },
      api_app_id: appId,
      token: TOKEN,
      trigger_id: triggerId,
      enterprise: null,
      is_enterprise_install: false,
    };
  }

  function messageJson(message: WorkspaceMessage): object {
    return {
      type: 'message',
      user: message.user,
      ts: message.ts,
      text: message.text,
      team: team.id,
      blocks: message.blocks,
      ...(message.user === botUserId ? { bot_id: botId, app_id: appId } : {}),
      ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}),
      ...(message.metadata ? { metadata: message.metadata } : {}),
    };
  }

  return {
    commandFields,
    messageActionPayload,
    viewActionPayload,
    viewSubmissionPayload,
    viewClosedPayload,
    shortcutPayload,
    eventPayload,
    viewJson,
  };
}

/** Finds an interactive element by its ids, in any place a block may hold one. */
export function findElement(
  blocks: readonly BlockJson[],
  blockId: string,
  actionId: string,
): Record<string, unknown> | undefined {
  for (const block of blocks) {
    const children = Array.isArray(block.child_blocks) ? (block.child_blocks as BlockJson[]) : [];
    const nested = findElement(children, blockId, actionId);
    if (nested) return nested;
    if (block.block_id !== blockId) continue;
    const places = [block.accessory, block.element, ...asArray(block.elements)];
    const found = places.find(
      (place) => (place as { action_id?: unknown } | undefined)?.action_id === actionId,
    );
    if (found) return found as Record<string, unknown>;
  }
  return undefined;
}

export function targetOf(message: WorkspaceMessage, userId: string): ResponseTarget {
  return {
    userId,
    channel: message.channel,
    messageTs: message.ts,
    threadTs: message.thread_ts,
  };
}

function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
