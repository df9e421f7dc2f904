/** Block Kit as it arrives: checked where it is used, because an app may send anything. */
export type Json = Readonly<Record<string, unknown>>;

export function objects(value: unknown): readonly Json[] {
  return Array.isArray(value)
    ? value.filter((item): item is Json => typeof item === 'object' && item !== null)
    : [];
}

export function object(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Json)
    : undefined;
}

/** The text of a `plain_text` or `mrkdwn` object. */
export function textOf(value: unknown): string {
  const text = object(value)?.text;
  return typeof text === 'string' ? text : '';
}

/** Pairs each item with its position, the only identity that parts of a text or a block have. */
export function keyed<T>(items: readonly T[]): readonly (readonly [number, T])[] {
  return items.map((item, index) => [index, item] as const);
}
