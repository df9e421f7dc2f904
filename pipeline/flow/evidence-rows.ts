import { z } from 'zod';
import { keys } from '../core/names.ts';
import type { RunId } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';

/** Longest content that leaves the artifact store. */
const MOST_CHARACTERS = 1_000;
const LINE_FEED = 10;

/** As `prepare_data.py` writes it. */
const rowSchema = z.object({
  id: z.string(),
  text: z.string().optional(),
  features: z
    .record(z.string(), z.union([z.number(), z.string(), z.boolean()]).nullable())
    .optional(),
});

/**
 * The text, or the features as `name=value`, of held-out rows by id, from the first of these runs that
 * has them. Rows that are no longer stored are left out. Only the lines that are asked for are decoded.
 */
export async function contentsOf(
  { artifacts }: Pick<FlowDeps, 'artifacts'>,
  runIds: readonly RunId[],
  ids: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const found = new Map<string, string>();
  for (const runId of new Set(runIds)) {
    const missing = ids.filter((id) => !found.has(id));
    if (missing.length === 0) break;
    const file = await artifacts.get(keys.heldOutRows(runId));
    if (file === null) continue;
    const lines = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
    for (const id of missing) {
      const content = contentIn(lines, id);
      if (content !== null) found.set(id, content);
    }
  }
  return Object.fromEntries(found);
}

function contentIn(lines: Buffer, id: string): string | null {
  const name = JSON.stringify(id);
  for (let at = lines.indexOf(name); at >= 0; at = lines.indexOf(name, at + 1)) {
    const start = lines.lastIndexOf(LINE_FEED, at) + 1;
    const end = lines.indexOf(LINE_FEED, at);
    const row = rowOf(lines.toString('utf8', start, end < 0 ? undefined : end));
    // A text or a label may hold the id of another row.
    if (row?.id === id) return row.content;
  }
  return null;
}

function rowOf(line: string): { readonly id: string; readonly content: string } | null {
  const parsed = rowSchema.safeParse(parseJson(line));
  if (!parsed.success) return null;
  const { id, text, features = {} } = parsed.data;
  const content =
    text ??
    Object.entries(features)
      .map(([name, value]) => `${name}=${value ?? 'missing'}`)
      .join(', ');
  return { id, content: content.slice(0, MOST_CHARACTERS) };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
