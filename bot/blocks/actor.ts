import type { Actor } from '../../pipeline/core/run.ts';
import { shown } from './escape.ts';

const sources: Readonly<Record<(Actor & { kind: 'system' })['name'], string>> = {
  inbox: 'the inbox',
  schedule: 'the schedule',
  ci: 'CI',
  cli: 'the command line',
  watch: 'the watch',
};

/** Who did something, inside a sentence: a person by name, a door of the product by what it is. */
export function actorName(actor: Actor): string {
  return actor.kind === 'person' ? shown(actor.name, 40) : sources[actor.name];
}

/** The same at the beginning of one. */
export function actorFirst(actor: Actor): string {
  const name = actorName(actor);
  return actor.kind === 'person' ? name : name.charAt(0).toUpperCase() + name.slice(1);
}
