import type { Membership } from '../../pipeline/core/access.ts';
import type { Config } from '../../pipeline/core/config.ts';
import { MlopsError } from '../../pipeline/core/errors.ts';
import type { Actor } from '../../pipeline/core/run.ts';
import type { People } from '../web-api/people.ts';
import type { NamesOf } from './answer-cli.ts';
import type { Door } from './command-sources.ts';
import type { CliRequest } from './question.ts';

interface Asking {
  readonly actor: Actor;
  readonly memberOf: Membership;
}

/**
 * Who asks through the door of this machine: the member of `as`, the first operator who is a person
 * without it, the door itself where everybody is an operator. Whoever is let in may act as anybody.
 */
export async function memberAsking(
  { as }: Pick<CliRequest, 'as'>,
  {
    config,
    people,
    namesOf,
  }: {
    readonly config: Config;
    readonly people: People;
    readonly namesOf: NamesOf;
  },
): Promise<Asking> {
  const operators = config.operators === 'everyone' ? [] : config.operators;
  const id = as ?? operators.find((each) => /^[UW]/.test(each));
  if (id === undefined) return doorAsking({ as }, 'cli');
  const [names, memberOf] = await Promise.all([namesOf([id]), people.memberOf(id)]);
  return { actor: { kind: 'person', id, name: names.get(id) ?? id }, memberOf };
}

/**
 * Who asks where nobody can tell which person it is: the door, with an operator's rights to what it
 * takes and no Slack id, so that it is never an approver.
 * @throws {MlopsError} `REQUEST_INVALID` when it wants to be a person.
 */
export function doorAsking({ as }: Pick<CliRequest, 'as'>, door: Door): Asking {
  if (as === null) return { actor: { kind: 'system', name: door }, memberOf: [] };
  throw new MlopsError('REQUEST_INVALID', 'Nobody can act as a person here.', {
    hint: 'Leave --as out: the door you came through has rights of its own.',
  });
}
