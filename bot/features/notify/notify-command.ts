import { answer, refused } from '../../blocks/answer.ts';
import { suggest } from '../../blocks/suggestion.ts';
import type { Command } from '../../interaction/command.ts';

type Choice = 'direct' | 'thread';

const words: Readonly<Record<string, Choice>> = {
  dm: 'direct',
  dms: 'direct',
  direct: 'direct',
  on: 'direct',
  thread: 'thread',
  threads: 'thread',
  channel: 'thread',
  off: 'thread',
};

export const notify: Command = {
  name: 'notify',
  usage: '[dm or thread]',
  summary: 'Chooses whether requests and alerts that mention you also come as direct messages.',
  examples: ['notify dm', 'notify thread'],
  options: [],
  maxWords: 2,
  async run({ words: [word], tools: { notifications }, caller }) {
    const { actor, requestId } = caller;
    if (actor.kind !== 'person' || notifications == null) {
      return refused('Direct messages are chosen in Slack.', 'Type /mlops notify there.');
    }
    if (word === undefined) {
      const chosen = await notifications.of(actor.id);
      return { ...currentAnswer(chosen, requestId), asks: true, data: { notify: chosen } };
    }
    const choice = words[word.toLowerCase()];
    if (choice === undefined) {
      const text = 'Direct messages (dm), or the thread only (thread)?';
      return { ...suggest(text, { hint: null, suggestions, requestId }), problem: 'usage' };
    }
    const refusal = await notifications.choose(actor.id, choice, firstMessage);
    return refusal === null
      ? { ...chosenAnswer(choice), data: { notify: choice } }
      : refused(
          `Slack did not deliver a direct message to you (${refusal}), so nothing was changed.`,
          'An administrator may have turned messages of apps off.',
        );
  },
};

const suggestions = [
  { command: 'notify dm', label: 'Also direct messages' },
  { command: 'notify thread', label: 'The thread only' },
];

/** What a person has chosen, and the choices. */
export function currentAnswer(chosen: Choice | null, requestId: string) {
  const text =
    chosen === 'direct'
      ? 'Requests and alerts that mention you also come as direct messages.'
      : 'Requests and alerts mention you in their threads only.';
  const hint =
    chosen === null ? 'When somebody hands a request over to you, you get a direct message.' : null;
  return suggest(text, { hint, suggestions, requestId });
}

/** Confirms the choice. */
export function chosenAnswer(choice: Choice) {
  return choice === 'direct'
    ? answer(
        'From now on, requests that you can decide and alerts that mention you also come as direct messages.',
        'Each is changed once nothing waits for you any more. /mlops notify thread ends them.',
      )
    : answer(
        'From now on, requests and alerts mention you in their threads only.',
        'You also get no direct message when a request is handed over to you. /mlops notify dm turns them on.',
      );
}

/** The first direct message. */
export const firstMessage = answer(
  'You will get requests that you can decide, and alerts that mention you, here.',
  '/mlops notify thread ends that. You can also write to me here: “what is live?”',
);
