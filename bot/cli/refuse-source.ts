import { actorFirst } from '../blocks/actor.ts';
import { refused } from '../blocks/answer.ts';
import { shown } from '../blocks/escape.ts';
import type { Reply } from '../interaction/command.ts';
import { type CommandSource, commandsOf } from './command-sources.ts';

const listed = new Intl.ListFormat('en-GB');

/** The refusal when this source may not give the command; null when it may. */
export function refuseSource(
  source: CommandSource,
  [name = 'help']: readonly string[],
): Reply | null {
  const taken = commandsOf[source];
  if (taken === null || taken.includes(name.toLowerCase())) return null;
  const who = actorFirst({ kind: 'system', name: source });
  return refused(`${who} may not ${shown(name, 40)}, only ${listed.format(taken)}.`);
}
