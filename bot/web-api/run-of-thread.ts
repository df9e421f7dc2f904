import type { WebClient } from '@slack/web-api';
import type { RunId } from '../../pipeline/core/run.ts';

/** The run whose card starts the thread, by the card's metadata; null for any other message. */
export async function runOfThread(
  { client, log }: { readonly client: WebClient; readonly log: (line: string) => void },
  at: { readonly channel: string; readonly rootTs: string },
): Promise<RunId | null> {
  try {
    const { messages = [] } = await client.conversations.replies({
      channel: at.channel,
      ts: at.rootTs,
      limit: 1,
      include_all_metadata: true,
    });
    const root = messages.find(({ ts }) => ts === at.rootTs);
    const mark = root?.metadata as
      | { event_type?: string; event_payload?: { run_id?: unknown } }
      | undefined;
    const id = mark?.event_payload?.run_id;
    return typeof id === 'string' ? id : null;
  } catch (error) {
    log(`The run of a thread could not be read from Slack: ${String(error)}`);
    return null;
  }
}
