/** Finds the one text in an example request, so that a person can type text instead of JSON. */
export type Path = readonly (string | number)[];

/** Where the only string of a JSON value is; null when there is none or more than one. */
export function textPath(value: unknown): Path | null {
  const found = stringPaths(value, []);
  return found.length === 1 ? (found[0] ?? null) : null;
}

export function readPath(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], value);
}

/** A copy of `value` with `text` at `path`. */
export function withPath(value: unknown, path: Path, text: string): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return text;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
    string | number,
    unknown
  >;
  copy[key] = withPath(copy[key], rest, text);
  return copy;
}

function stringPaths(value: unknown, path: Path): Path[] {
  if (typeof value === 'string') return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => stringPaths(each, [...path, key]));
}
