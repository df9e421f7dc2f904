import type { WebClient } from '@slack/web-api';
import type { Clock } from '../../pipeline/core/ports.ts';
import { adviceOn, slackProblem } from './slack-problem.ts';

/** How long a name is remembered, in milliseconds. */
const REMEMBER_MILLISECONDS = 3_600_000;
/** How long Slack is not asked again after it did not say, in milliseconds. */
const RETRY_MILLISECONDS = 60_000;
/** How long an answer waits for a name: Slack waits 3 s for all of it. */
const WAIT_MILLISECONDS = 800;

/** The full names of people, the same whether they typed, clicked or mentioned the bot. */
export interface Names {
  /** When Slack does not say, the name that came with the request, or one heard before. Never rejects. */
  of(userId: string, given?: string): Promise<string>;
  /** As far as it is known without asking Slack. */
  known(userId: string, given?: string): string;
}

export function createNames(options: {
  readonly client: WebClient;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}): Names {
  const { client, clock, log } = options;
  /** With the moment from which on Slack is asked again. */
  const remembered = new Map<string, { readonly name: string | null; readonly until: number }>();
  let isRefused = false;

  async function ask(userId: string): Promise<string | null> {
    if (isRefused) return null;
    try {
      const { user } = await client.users.info({ user: userId });
      const name = user?.real_name || user?.profile?.real_name || user?.profile?.display_name;
      if (!name) return null;
      remembered.set(userId, { name, until: clock.now().getTime() + REMEMBER_MILLISECONDS });
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

  function known(userId: string, given?: string): string {
    return remembered.get(userId)?.name ?? given ?? userId;
  }

  return {
    known,
    async of(userId, given) {
      const now = clock.now().getTime();
      const before = remembered.get(userId);
      if (before !== undefined && now < before.until) return known(userId, given);
      const name = await inTime(ask(userId));
      if (name !== null) return name;
      // An answer that comes too late is kept all the same.
      if (remembered.get(userId) === before) {
        const heard = before?.name ?? given ?? null;
        remembered.set(userId, { name: heard, until: now + RETRY_MILLISECONDS });
      }
      return known(userId, given);
    },
  };
}

async function inTime<T>(work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), WAIT_MILLISECONDS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
