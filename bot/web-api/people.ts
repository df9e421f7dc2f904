import type { WebClient } from '@slack/web-api';
import type { Membership } from '../../pipeline/core/access.ts';
import type { Config } from '../../pipeline/core/config.ts';
import { isGroup } from '../../pipeline/core/deciders.ts';
import type { Clock } from '../../pipeline/core/ports.ts';
import type { Actor } from '../../pipeline/core/run.ts';
import { createNames } from './names.ts';
import { adviceOn, slackProblem } from './slack-problem.ts';

/** Looks up who a person is: their name, and what their rights depend on. */
export interface People {
  /** Their own id and those of the user groups they are in. */
  memberOf(userId: string): Promise<Membership>;
  /** The people among the ids and in their user groups; null when a group could not be read. */
  membersOf(ids: readonly string[]): Promise<readonly string[] | null>;
  /** The person by the name Slack shows; `given` is the name that came with the request. */
  actorOf(userId: string, given?: string): Promise<Actor & { readonly kind: 'person' }>;
  /** The same as far as it is known without asking Slack. */
  knownActor(userId: string, given?: string): Actor & { readonly kind: 'person' };
}

/** How long a group's members are remembered, in milliseconds. */
const REMEMBER_MILLISECONDS = 60_000;

/** Asks Slack about people, and only about the user groups that `mlops.config.ts` names. */
export function createPeople(options: {
  config: Config;
  client: WebClient;
  clock: Clock;
  log: (line: string) => void;
}): People {
  const { config, client, clock, log } = options;
  const groups = groupsNamedIn(config);
  const names = createNames({ client, clock, log });
  const logged = new Set<string>();
  const remembered = new Map<string, { users: readonly string[]; at: number }>();
  const unread = new Set<string>();

  async function usersOf(group: string): Promise<readonly string[]> {
    const now = clock.now().getTime();
    const known = remembered.get(group);
    if (known !== undefined && now - known.at < REMEMBER_MILLISECONDS) return known.users;
    try {
      const { users = [] } = await client.usergroups.users.list({ usergroup: group });
      remembered.set(group, { users, at: now });
      unread.delete(group);
      return users;
    } catch (error) {
      unread.add(group);
      const users = known?.users ?? [];
      const problem = slackProblem(error);
      const code = problem !== null && 'code' in problem ? problem.code : String(error);
      logOnce(`The members of user group ${group} could not be read: ${code}. ${adviceOn(code)}`);
      // A refusal does not pass by itself; asking at every click would only slow each click down.
      if (problem?.kind === 'refused') remembered.set(group, { users, at: now });
      return users;
    }
  }

  function logOnce(line: string): void {
    if (logged.has(line)) return;
    logged.add(line);
    log(line);
  }

  return {
    actorOf: async (id, given) => ({ kind: 'person', id, name: await names.of(id, given) }),
    knownActor: (id, given) => ({ kind: 'person', id, name: names.known(id, given) }),
    async memberOf(userId) {
      const members = await Promise.all(
        groups.map(async (group) => ((await usersOf(group)).includes(userId) ? [group] : [])),
      );
      return [userId, ...members.flat()];
    },
    async membersOf(ids) {
      const wanted = ids.filter(isGroup);
      const users = await Promise.all(wanted.map(usersOf));
      if (wanted.some((group) => unread.has(group))) return null;
      return [...new Set([...ids.filter((id) => !isGroup(id)), ...users.flat()])];
    },
  };
}

function groupsNamedIn(config: Config): readonly string[] {
  const operators = config.operators === 'everyone' ? [] : config.operators;
  const approvers = Object.values(config.models).flatMap(({ approval }) =>
    approval.mode === 'people' ? approval.approvers : [],
  );
  return [...new Set([...operators, ...approvers])].filter(isGroup);
}
