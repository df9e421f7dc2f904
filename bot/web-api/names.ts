import type { WebClient } from '@slack/web-api';
import type { Clock } from '../../pipeline/core/ports.ts';
import { adviceOn, slackProblem } from './slack-problem.ts';

/** How long a name is remembered, in milliseconds. */
const REMEMBER_MILLISECONDS = 3_600_000;
/** How long an answer waits for a name: Slack waits 3 s for all of it. */
const WAIT_MILLISECONDS = 800;

/**
 * The full name of a person, the same whether they typed, clicked or mentioned the bot.
 * When Slack does not say, the name that came with the request, or one heard before. Never rejects.
 */
export function createNames(options: {
  readonly client: WebClient;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}): (userId: string, given?: string) => Promise<string> {
  const { client, clock, log } = options;
  const remembered = new Map<string, { readonly name: string; readonly at: number }>();
  let isRefused = false;

  async function ask(userId: string): Promise<string | null> {
    if (isRefused) return null;
    try {
      const { user } = await client.users.info({ user: userId });
      const name = user?.real_name || user?.profile?.real_name || user?.profile?.display_name;
      if (!name) return null;
      remembered.set(userId, { name, at: clock.now().getTime() });
      return name;
    } catch (error) {
      const problem = slackProblem(error);
      const code = problem !== null && 'code' in problem ? problem.code : String(error);
      if (problem?.kind !== 'refused' || code === 'user_not_found') return null;
      // A refusal does not pass by itself; asking each time would only slow each answer down.
      isRefused = true;
      log(`The names of people could not be read: ${code}. ${adviceOn(code)}`.trim());
      return null;
    }
  }

  return async (userId, given) => {
    const known = remembered.get(userId);
    if (known !== undefined && clock.now().getTime() - known.at < REMEMBER_MILLISECONDS) {
      return known.name;
    }
    const name = (await inTime(ask(userId))) ?? known?.name ?? given ?? userId;
    if (name !== userId && !remembered.has(userId)) remembered.set(userId, { name, at: 0 });
    return name;
  };
}

async function inTime<T>(work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), WAIT_MILLISECONDS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
