/**
 * The limits of Block Kit that a growing card meets first, so that a message too long for Slack fails here too.
 * Source: docs.slack.dev/reference/block-kit/blocks. Not checked: option counts, table size, URL lengths.
 */

type Json = Readonly<Record<string, unknown>>;

const BLOCKS = { message: 50, view: 100 } as const;

/** Says what Slack would refuse, or undefined. Things that are no array of blocks are left to emulate. */
export function blockProblem(blocks: unknown, surface: 'message' | 'view'): string | undefined {
  if (!Array.isArray(blocks)) return undefined;
  if (blocks.length > BLOCKS[surface]) return `no more than ${BLOCKS[surface]} items allowed`;
  const ids = new Set<unknown>();
  for (const [index, block] of (blocks as Json[]).entries()) {
    const problem = problemOf(block);
    if (problem) return `${problem} [json-pointer:/blocks/${index}]`;
    if (block.block_id === undefined) continue;
    if (ids.has(block.block_id)) return `block_id "${block.block_id}" already exists`;
    ids.add(block.block_id);
  }
  return undefined;
}

function problemOf(block: Json): string | undefined {
  switch (block.type) {
    case 'section':
      return (
        tooLong('text', block.text, 3_000) ??
        tooMany('fields', block.fields, 10) ??
        first(block.fields, (field) => tooLong('fields', field, 2_000)) ??
        (block.text || block.fields ? elementProblem(block.accessory) : 'missing text or fields')
      );
    case 'header':
      return tooLong('text', block.text, 150);
    case 'context':
      return tooMany('elements', block.elements, 10);
    case 'actions':
      return tooMany('elements', block.elements, 25) ?? first(block.elements, elementProblem);
    case 'markdown':
      return tooLong('text', { text: block.text }, 12_000);
    case 'image':
      return block.alt_text === undefined ? 'missing required field: alt_text' : undefined;
    default:
      return undefined;
  }
}

function elementProblem(element: unknown): string | undefined {
  const { type, text, value, confirm } = (element ?? {}) as Json;
  if (type !== 'button') return undefined;
  const dialog = (confirm ?? {}) as Json;
  return (
    tooLong('text', text, 75) ??
    tooLong('value', { text: value }, 2_000) ??
    tooLong('confirm.title', dialog.title, 100) ??
    tooLong('confirm.text', dialog.text, 300) ??
    tooLong('confirm.confirm', dialog.confirm, 30)
  );
}

function first(list: unknown, check: (item: unknown) => string | undefined): string | undefined {
  if (!Array.isArray(list)) return undefined;
  for (const item of list) {
    const problem = check(item);
    if (problem) return problem;
  }
  return undefined;
}

function tooMany(name: string, list: unknown, limit: number): string | undefined {
  return Array.isArray(list) && list.length > limit
    ? `no more than ${limit} items allowed in ${name}`
    : undefined;
}

function tooLong(name: string, object: unknown, limit: number): string | undefined {
  const value = (object as Json | undefined)?.text;
  return typeof value === 'string' && value.length > limit
    ? `must be less than ${limit + 1} characters in ${name}`
    : undefined;
}
