/** The Events API side: sends the app what it subscribed to in its manifest. */
import { randomUUID } from 'node:crypto';
import type { Payloads } from './payloads.ts';
import type { SendSigned } from './signed-request.ts';
import type { Manifest, WorkspaceIdentity, WorkspaceMessage } from './types.ts';
import type { WorkspaceReader } from './workspace-reader.ts';

/** Slack's retries of an unacknowledged event: nearly at once, after a minute, after five. */
const RETRY_DELAYS_MS = [0, 60_000, 300_000];

/** Events of the Events API that are sent, by their names in a manifest. */
export const SENT_EVENTS = [
  'app_home_opened',
  'app_mention',
  'file_shared',
  'message.channels',
  'message.im',
] as const;

type SentEvent = (typeof SENT_EVENTS)[number];

export interface AppEvents {
  /** Sends `message.*` and `app_mention` for a message written by a person. */
  messagePosted(message: WorkspaceMessage): void;
  /** Sends `file_shared` for a file that a person shared. */
  fileShared(input: { user: string; channel: string; file: string }): void;
  homeOpened(input: { user: string; channel: string; tab: 'home' | 'messages' }): void;
  close(): void;
}

/**
 * Events go out in the background, as from Slack. Not sent: the bot's own messages, edits, deletions,
 * reactions and membership changes.
 */
export function createAppEvents(options: {
  manifest: Manifest;
  reader: WorkspaceReader;
  send: SendSigned;
  payloads: Payloads;
  identity: WorkspaceIdentity;
  now: () => number;
}): AppEvents {
  const { manifest, reader, send, payloads, identity, now } = options;
  const { bot_events = [] } = manifest.settings?.event_subscriptions ?? {};
  const isSubscribed = (event: SentEvent) => bot_events.includes(event);
  const waiting = new Set<NodeJS.Timeout>();

  function dispatch(event: Record<string, unknown>): void {
    const seconds = Math.floor(now() / 1000);
    const id = `Ev${randomUUID().replaceAll('-', '')}`;
    const body = JSON.stringify(payloads.eventPayload(event, id, seconds));
    void attempt(body, 0, null);
  }

  async function attempt(body: string, retry: number, reason: string | null): Promise<void> {
    const headers = reason
      ? { 'x-slack-retry-num': String(retry), 'x-slack-retry-reason': reason }
      : {};
    const answer = await send({ contentType: 'application/json', body, headers });
    const delay = RETRY_DELAYS_MS[retry];
    if (answer.ok || delay === undefined) return;
    const cause = answer.error === 'operation_timeout' ? 'http_timeout' : 'http_error';
    const timer = setTimeout(() => {
      waiting.delete(timer);
      void attempt(body, retry + 1, cause);
    }, delay);
    timer.unref();
    waiting.add(timer);
  }

  return {
    messagePosted(message) {
      const isDirect = reader.channelName(message.channel) === 'directmessage';
      const event = {
        user: message.user,
        text: message.text,
        ts: message.ts,
        event_ts: message.ts,
        channel: message.channel,
        ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}),
      };
      if (isSubscribed(isDirect ? 'message.im' : 'message.channels')) {
        dispatch({ type: 'message', ...event, channel_type: isDirect ? 'im' : 'channel' });
      }
      // Slack sends no mention in a direct message: the message itself is to the app.
      const isMention = !isDirect && message.text.includes(`<@${identity.botUserId}>`);
      if (isMention && isSubscribed('app_mention')) {
        dispatch({ type: 'app_mention', ...event });
      }
    },
    fileShared({ user, channel, file }) {
      if (!isSubscribed('file_shared')) return;
      const event_ts = (now() / 1000).toFixed(6);
      const shared = { file_id: file, file: { id: file }, user_id: user, channel_id: channel };
      dispatch({ type: 'file_shared', ...shared, event_ts });
    },
    homeOpened({ user, channel, tab }) {
      if (!isSubscribed('app_home_opened')) return;
      const event_ts = (now() / 1000).toFixed(6);
      dispatch({ type: 'app_home_opened', user, channel, tab, event_ts });
    },
    close() {
      for (const timer of waiting) clearTimeout(timer);
    },
  };
}
