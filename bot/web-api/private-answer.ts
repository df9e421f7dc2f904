import type { Message } from '../blocks/message.ts';

/** Short: Slack waits for the answer to the form meanwhile. */
const TIMEOUT_MILLISECONDS = 1_000;

/** What Slack takes at the address of an interaction: an answer for that person alone. */
export function privateAnswer({ text, blocks }: Message, options: { readonly replaces: boolean }) {
  return {
    response_type: 'ephemeral' as const,
    replace_original: options.replaces,
    text,
    blocks: [...blocks],
  };
}

/** Puts a message in place of the private one a form was opened from; its address holds 30 min. */
export async function replacePrivateAnswer(address: string, message: Message): Promise<void> {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(privateAnswer(message, { replaces: true })),
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  });
  if (!response.ok) throw new Error(`Slack answered ${response.status} to a private answer.`);
}
