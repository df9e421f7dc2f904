import type { Database } from '../../../pipeline/local/database.ts';

/** What the engines may differ in, and why. */
const excluded: Readonly<Record<string, string>> = {
  durable_executions: 'Each engine keeps its journal in its own way.',
  durable_operations: 'The same.',
  schema_versions: 'The journal has migrations.',
  callbacks: 'Engines make the ids of callbacks.',
};

/**
 * Engines begin a step some milliseconds apart, so times are left out, and with them the ids of messages
 * and digests of their text; an observation more or less on the way makes another revision. The order
 * of rows is left out as well.
 */
const OF_TIME = [
  /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z|\b1[67]\d{11}\b/g,
  /(?<="waiting":)[\d.]+/g,
  /(?<="(revision|runRevision)":)\d+/g,
  /(?<="(ts|rootTs)":")[\d.]+/g,
  /(?<="(d|rootD)igest":")[0-9a-f]{24}(?=")/g,
];

/** Every row of every table at the end of a world, but what engines may differ in. */
export function durableState(database: Database): readonly string[] {
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .all() as readonly { readonly name: string }[];
  return tables
    .filter(({ name }) => !(name in excluded))
    .flatMap(({ name }) =>
      database
        .prepare(`SELECT * FROM ${name}`)
        .all()
        .map((row) => `${name} ${withoutTimes(JSON.stringify(row).replaceAll('\\"', '"'))}`)
        .sort(),
    );
}

function withoutTimes(row: string): string {
  return OF_TIME.reduce((text, pattern) => text.replace(pattern, '…'), row);
}
