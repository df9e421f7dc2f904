/** Who caused something: a person in Slack, or another command source such as CI or the schedule. */
export type Actor =
  | { readonly kind: 'person'; readonly id: string; readonly name: string }
  | { readonly kind: 'system'; readonly name: 'inbox' | 'schedule' | 'ci' | 'cli' | 'watch' };

/** Somebody Slack knows. */
export type Person = Actor & { readonly kind: 'person' };

export function isSameActor(a: Actor, b: Actor): boolean {
  if (a.kind === 'person' && b.kind === 'person') return a.id === b.id;
  return a.kind === b.kind && a.name === b.name;
}
