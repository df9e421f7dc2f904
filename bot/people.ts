import type { WebClient } from '@slack/web-api';
import type { Membership } from '../pipeline/core/access.ts';
import type { Config } from '../pipeline/core/config.ts';
import type { Clock } from '../pipeline/core/ports.ts';

/** Who somebody is when rights are asked: their own id and the user groups they are in. */
export interface People {
  memberOf(userId: string): Promise<Membership>;
}

/** How long a group's members are remembered, in milliseconds. */
const REMEMBER_MILLISECONDS = 60_000;

/** Asks Slack only about the groups that `mlops.config.ts` names; none named, nothing asked. */
export function createPeople(options: {
  config: Config;
  client: WebClient;
  clock: Clock;
  log: (line: string) => void;
}): People {
  const { config, client, clock, log } = options;
  const groups = groupsNamedIn(config);
  const remembered = new Map<string, { users: readonly string[]; at: number }>();

  async function usersOf(group: string): Promise<readonly string[]> {
    const now = clock.now().getTime();
    const known = remembered.get(group);
    if (known !== undefined && now - known.at < REMEMBER_MILLISECONDS) return known.users;
    try {
      const { users = [] } = await client.usergroups.users.list({ usergroup: group });
      remembered.set(group, { users, at: now });
      return users;
    } catch (error) {
      log(`Slack did not tell who is in the user group ${group}: ${String(error)}`);
      return known?.users ?? [];
    }
  }

  return {
    async memberOf(userId) {
      const members = await Promise.all(
        groups.map(async (group) => ((await usersOf(group)).includes(userId) ? [group] : [])),
      );
      return [userId, ...members.flat()];
    },
  };
}

function groupsNamedIn(config: Config): readonly string[] {
  const operators = config.operators === 'everyone' ? [] : config.operators;
  const approvers = Object.values(config.models).flatMap(({ approval }) =>
    approval.mode === 'people' ? approval.approvers : [],
  );
  return [...new Set([...operators, ...approvers])].filter((id) => id.startsWith('S'));
}
