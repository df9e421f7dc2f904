import type { WebClient } from '@slack/web-api';
import type { Message } from '../blocks/message.ts';
import type { Preference, PreferenceStore } from './preference-store.ts';
import { slackProblem } from './slack-problem.ts';

/** What people chose about direct messages. */
export interface Notifications {
  /** Null when the person has never chosen. */
  of(userId: string): Promise<Preference['notify'] | null>;
  /**
   * Keeps the choice. `first` is sent to whoever begins to get direct messages: it shows that they
   * arrive, and the bot learns which conversation to use. Slack's reason when it refuses, else null.
   */
  choose(userId: string, notify: Preference['notify'], first: Message): Promise<string | null>;
}

/** Writers that keep losing against themselves would be a defect. */
const MOST_ATTEMPTS = 5;

export function createNotifications(options: {
  readonly preferences: PreferenceStore;
  readonly client: Pick<WebClient, 'chat'>;
}): Notifications {
  const { preferences, client } = options;

  async function conversationWith(userId: string, { text, blocks }: Message): Promise<string> {
    const posted = await client.chat.postMessage({ channel: userId, text, blocks: [...blocks] });
    return posted.channel ?? userId;
  }

  async function keep(userId: string, change: (before: Preference | null) => Preference) {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
      const stored = await preferences.get(userId);
      const next = change(stored?.preference ?? null);
      if (await preferences.put(userId, next, stored?.revision ?? 0)) return;
    }
    throw new Error(`The preference of ${userId} could not be kept.`);
  }

  return {
    async of(userId) {
      return (await preferences.get(userId))?.preference.notify ?? null;
    },
    async choose(userId, notify, first) {
      const before = (await preferences.get(userId))?.preference ?? null;
      if (before?.notify === notify) return null;
      if (notify === 'thread') {
        await keep(userId, (known) => ({ notify, channel: known?.channel ?? null }));
        return null;
      }
      try {
        const channel = await conversationWith(userId, first);
        await keep(userId, () => ({ notify, channel }));
        return null;
      } catch (error) {
        const problem = slackProblem(error);
        if (problem?.kind !== 'refused') throw error;
        return problem.code;
      }
    },
  };
}
