import type { Message } from '../blocks/message.ts';

/** Short, because Slack is waiting for the answer to the form. */
const TIMEOUT_MILLISECONDS = 1_000;

/** The body that Slack accepts at a `response_url`: an answer visible to that person only. */
export function privateAnswer({ text, blocks }: Message, options: { readonly replaces: boolean }) {
  return {
    response_type: 'ephemeral' as const,
    replace_original: options.replaces,
    text,
    blocks: [...blocks],
  };
}

/** Replaces the private message a form was opened from; its `response_url` works for 30 minutes. */
export async function replacePrivateAnswer(address: string, message: Message): Promise<void> {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(privateAnswer(message, { replaces: true })),
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  });
  if (!response.ok) throw new Error(`Slack answered ${response.status} to a private answer.`);
}
