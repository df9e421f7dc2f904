import { randomBytes } from 'node:crypto';
import type { JournaledStore } from './journaled-store.ts';
import type { Fields, SlackAnswer } from './web-api/call.ts';

/** Slack's limits: five answers within thirty minutes. */
const MAX_USES = 5;
const LIFETIME_MS = 30 * 60_000;

/** Where an interaction happened, which is where its answers go. */
export interface ResponseTarget {
  readonly userId: string;
  readonly channel: string;
  /** The message whose button was clicked, or null for a slash command. */
  readonly messageTs: string | null;
  readonly threadTs: string | null;
}

export interface MessageAnswer {
  readonly text?: string;
  readonly blocks?: unknown;
  readonly attachments?: unknown;
  readonly response_type?: string;
  readonly replace_original?: boolean | string;
  readonly delete_original?: boolean | string;
  readonly thread_ts?: string;
}

export interface ResponseUrls {
  /** A new address for answers to one interaction. */
  mint(target: ResponseTarget): string;
  /** Applies an answer posted to the address that ends in `key`; used or old addresses are refused. */
  use(key: string, answer: MessageAnswer): SlackAnswer;
  /** Applies an answer given in the acknowledgement itself, which counts as no use. */
  apply(target: ResponseTarget, answer: MessageAnswer): SlackAnswer;
}

/** Addresses live in memory: those of a previous process answer `expired_url`. */
export function createResponseUrls(options: {
  baseUrl: string;
  store: JournaledStore;
  /** Calls the Web API as the bot. */
  call: (method: string, args: Fields) => SlackAnswer;
  now: () => number;
}): ResponseUrls {
  const { baseUrl, store, call, now } = options;
  const minted = new Map<string, { target: ResponseTarget; uses: number; expires: number }>();

  function apply(target: ResponseTarget, answer: MessageAnswer): SlackAnswer {
    const { channel, userId, messageTs } = target;
    if (isTrue(answer.delete_original) && messageTs) return remove(target, messageTs);
    if (isTrue(answer.replace_original) && messageTs) return replace(target, messageTs, answer);
    const message = { ...contentOf(answer), channel };
    const threadTs = answer.thread_ts ?? target.threadTs;
    const thread = threadTs ? { thread_ts: threadTs } : {};
    return answer.response_type === 'in_channel'
      ? call('chat.postMessage', { ...message, ...thread })
      : call('chat.postEphemeral', { ...message, ...thread, user: userId });
  }

  function ephemeralRow(target: ResponseTarget, ts: string) {
    return store
      .collection('slack.ephemeral_messages')
      .all()
      .find((row) => row.ts === ts && row.channel_id === target.channel);
  }

  function remove(target: ResponseTarget, ts: string): SlackAnswer {
    const row = ephemeralRow(target, ts);
    if (!row) return call('chat.delete', { channel: target.channel, ts });
    store.collection('slack.ephemeral_messages').delete(row.id);
    return { ok: true };
  }

  function replace(target: ResponseTarget, ts: string, answer: MessageAnswer): SlackAnswer {
    const row = ephemeralRow(target, ts);
    if (!row) return call('chat.update', { ...contentOf(answer), channel: target.channel, ts });
    store.collection('slack.ephemeral_messages').update(row.id, {
      text: answer.text ?? '',
      blocks: answer.blocks,
    });
    return { ok: true };
  }

  return {
    mint(target) {
      for (const [key, entry] of minted) if (entry.expires <= now()) minted.delete(key);
      const key = randomBytes(16).toString('hex');
      minted.set(key, { target, uses: 0, expires: now() + LIFETIME_MS });
      return `${baseUrl}/response/${key}`;
    },
    use(key, answer) {
      const entry = minted.get(key);
      if (!entry || entry.expires <= now()) return { ok: false, error: 'expired_url' };
      if (entry.uses >= MAX_USES) return { ok: false, error: 'used_url' };
      entry.uses += 1;
      return apply(entry.target, answer);
    },
    apply,
  };
}

function contentOf(answer: MessageAnswer): Record<string, unknown> {
  return {
    text: answer.text ?? '',
    ...(answer.blocks ? { blocks: answer.blocks } : {}),
    ...(answer.attachments ? { attachments: answer.attachments } : {}),
  };
}

function isTrue(value: boolean | string | undefined): boolean {
  return value === true || value === 'true';
}
