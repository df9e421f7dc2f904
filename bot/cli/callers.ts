import type { Membership } from '../../pipeline/core/access.ts';
import type { Config } from '../../pipeline/core/config.ts';
import { MlopsError } from '../../pipeline/core/errors.ts';
import type { Actor } from '../../pipeline/core/run.ts';
import type { People } from '../web-api/people.ts';
import type { NamesOf } from './answer-cli.ts';
import type { CommandSource } from './command-sources.ts';
import type { CliRequest } from './question.ts';

interface Asking {
  readonly actor: Actor;
  readonly memberOf: Membership;
}

/**
 * The caller on this machine: the member named by `as`; without `as` the first operator who is a
 * person; the source itself where everyone is an operator. Access to the local app allows acting as
 * any member.
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
  if (id === undefined) return machineCaller({ as }, 'cli');
  const [names, memberOf] = await Promise.all([namesOf([id]), people.memberOf(id)]);
  return { actor: { kind: 'person', id, name: names.get(id) ?? id }, memberOf };
}

/**
 * The caller where the person is unknown: the source itself, with an operator's rights to the
 * commands it may give. It has no Slack id, so it can never be an approver.
 * @throws {MlopsError} `REQUEST_INVALID` when the request names a person.
 */
export function machineCaller({ as }: Pick<CliRequest, 'as'>, source: CommandSource): Asking {
  if (as === null) return { actor: { kind: 'system', name: source }, memberOf: [] };
  throw new MlopsError('REQUEST_INVALID', 'Nobody can act as a person here.', {
    hint: 'Leave --as out: the source you came through has rights of its own.',
  });
}
