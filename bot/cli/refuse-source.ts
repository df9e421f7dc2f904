import { actorFirst } from '../blocks/actor.ts';
import { refused } from '../blocks/answer.ts';
import { shown } from '../blocks/escape.ts';
import type { Reply } from '../interaction/command.ts';
import { commandsOf, type Door } from './command-sources.ts';

const listed = new Intl.ListFormat('en-GB');

/** Why a command is not for this door; null when it is. */
export function refuseAtDoor(door: Door, [name = 'help']: readonly string[]): Reply | null {
  const taken = commandsOf[door];
  if (taken === null || taken.includes(name.toLowerCase())) return null;
  const who = actorFirst({ kind: 'system', name: door });
  return refused(`${who} may not ${shown(name, 40)}, only ${listed.format(taken)}.`);
}
