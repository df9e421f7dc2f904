import type { WebClient } from '@slack/web-api';
import type { Config } from '../../pipeline/core/config.ts';
import { channelProblem, type SetupProblem } from './channel-problem.ts';
import { slackProblem } from './slack-problem.ts';

/** People of `mlops.config.ts` that are looked up; each is a call. */
const MOST_PEOPLE = 20;

/**
 * What in the workspace does not fit the configuration: the channel, and people who are not members.
 * Never rejects: what Slack does not answer is left out.
 */
export async function findSetupProblems(
  client: Pick<WebClient, 'conversations' | 'users'>,
  config: Pick<Config, 'channel' | 'operators' | 'models'>,
): Promise<readonly SetupProblem[]> {
  const [channel, strangers] = await Promise.all([
    channelProblem(client, config.channel).catch(() => null),
    strangersAmong(client, peopleOf(config)),
  ]);
  return [
    ...(channel === null ? [] : [channel]),
    ...strangers.map((id) => ({
      message: `${id} in mlops.config.ts is not a member of this workspace.`,
      hint: 'Put member ids of this workspace there: profile, ⋮, Copy member ID.',
    })),
  ];
}

function peopleOf({ operators, models }: Pick<Config, 'operators' | 'models'>): readonly string[] {
  const named = [
    ...(operators === 'everyone' ? [] : operators),
    ...Object.values(models).flatMap(({ approval }) =>
      approval.mode === 'people' ? approval.approvers : [],
    ),
  ];
  return [...new Set(named)].filter((id) => /^[UW]/.test(id)).slice(0, MOST_PEOPLE);
}

async function strangersAmong(
  { users }: Pick<WebClient, 'users'>,
  people: readonly string[],
): Promise<readonly string[]> {
  const found = await Promise.all(
    people.map(async (user) => {
      try {
        await users.info({ user });
        return null;
      } catch (error) {
        const problem = slackProblem(error);
        return problem?.kind === 'refused' && problem.code === 'user_not_found' ? user : null;
      }
    }),
  );
  return found.filter((id) => id !== null);
}
