import type { WebClient } from '@slack/web-api';
import type { AlertId } from '../../pipeline/core/alert/alert.ts';
import type { RunId } from '../../pipeline/core/run.ts';

/** What the message that starts a thread is about. */
export type SubjectOfThread =
  | { readonly kind: 'run'; readonly id: RunId }
  | { readonly kind: 'alert'; readonly id: AlertId };

/** The run or alert whose card starts the thread, by the card's metadata; null for any other message. */
export async function subjectOfThread(
  { client, log }: { readonly client: WebClient; readonly log: (line: string) => void },
  at: { readonly channel: string; readonly rootTs: string },
): Promise<SubjectOfThread | null> {
  try {
    const { messages = [] } = await client.conversations.replies({
      channel: at.channel,
      ts: at.rootTs,
      limit: 1,
      include_all_metadata: true,
    });
    const root = messages.find(({ ts }) => ts === at.rootTs);
    const mark = root?.metadata as
      | { event_payload?: { run_id?: unknown; incident_id?: unknown } }
      | undefined;
    const { run_id: run, incident_id: alert } = mark?.event_payload ?? {};
    if (typeof run === 'string') return { kind: 'run', id: run };
    return typeof alert === 'string' ? { kind: 'alert', id: alert } : null;
  } catch (error) {
    log(`The subject of a thread could not be read from Slack: ${String(error)}`);
    return null;
  }
}
