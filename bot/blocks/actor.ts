import type { Actor } from '../../pipeline/core/run.ts';
import { shown } from './escape.ts';
import { capitalised } from './format.ts';

const sources: Readonly<Record<(Actor & { kind: 'system' })['name'], string>> = {
  inbox: 'the inbox',
  schedule: 'the schedule',
  ci: 'CI',
  cli: 'the command line',
  watch: 'the watch stage',
};

/** Names an actor inside a sentence: a person by name, a system source by what it is. */
export function actorName(actor: Actor): string {
  return actor.kind === 'person' ? shown(actor.name, 40) : sources[actor.name];
}

/** Names an actor at the start of a sentence. */
export function actorFirst(actor: Actor): string {
  const name = actorName(actor);
  return actor.kind === 'person' ? name : capitalised(name);
}
