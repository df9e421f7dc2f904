import { WebAPIPlatformError, WebAPIRateLimitedError, type WebClient } from '@slack/web-api';
import type { Clock } from '../../pipeline/core/ports.ts';

interface Posted {
  readonly ts: string;
  readonly threadTs: string | null;
  readonly key: string;
  text: string;
}

interface Call {
  readonly channel: string;
  readonly ts?: string;
  readonly thread_ts?: string;
  readonly text?: string;
  readonly metadata?: { readonly event_payload: Readonly<Record<string, string>> };
}

const MINUTE = 60_000;
const MOST_EDITS = 50;

/**
 * Slack's Web API in memory, as far as the announcer posts and edits, which enforces its limits: one
 * post a second and channel on average, of which `burst` may come at once, and 50 edits in any minute.
 * What goes beyond is refused and counted.
 */
export function createLimitedSlack(clock: Clock, burst: number) {
  const messages = new Map<string, Posted>();
  const edits: number[] = [];
  /** When all posts so far would have been made, one a second. */
  let postedUntil = 0;
  let violations = 0;
  let count = 0;
  const now = () => clock.now().getTime();

  function refuse(seconds: number): never {
    violations += 1;
    throw new WebAPIRateLimitedError(Math.ceil(seconds));
  }

  const chat = {
    async postMessage({ thread_ts, text = '', metadata }: Call) {
      const early = Math.max(postedUntil, now()) - now() - (burst - 1) * 1_000;
      if (early > 0) refuse(early / 1_000);
      postedUntil = Math.max(postedUntil, now()) + 1_000;
      count += 1;
      const ts = `${1_790_000_000 + count}.000000`;
      const { run_id = '', key = 'root' } = metadata?.event_payload ?? {};
      messages.set(ts, { ts, threadTs: thread_ts ?? null, key: `${run_id} ${key}`, text });
      return { ok: true, ts, channel: 'C0MLOPS' };
    },
    async update({ ts = '', text = '' }: Call) {
      while ((edits[0] ?? now()) <= now() - MINUTE) edits.shift();
      if (edits.length >= MOST_EDITS) refuse(((edits[0] ?? 0) + MINUTE - now()) / 1_000);
      edits.push(now());
      const message = messages.get(ts);
      if (message === undefined) {
        throw new WebAPIPlatformError({ ok: false, error: 'message_not_found' } as never);
      }
      message.text = text;
      return { ok: true, ts, channel: 'C0MLOPS' };
    },
  };

  const unknown = async () => {
    throw new Error('The limited Slack does not know this method.');
  };
  return {
    client: { chat, apiCall: unknown, paginate: unknown } as unknown as WebClient,
    violations: () => violations,
    messages: () => [...messages.values()],
  };
}
