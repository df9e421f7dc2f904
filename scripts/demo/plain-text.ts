import type { WorkspaceMessage } from '@mlops-bot/slack-simulator';

/** The visible text of a message, one line per block. */
export function plainText(message: Pick<WorkspaceMessage, 'text' | 'blocks'>): string {
  const lines = message.blocks.map(textOf).filter((line) => line !== '');
  return lines.length > 0 ? lines.join('\n') : message.text;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).filter(Boolean).join(' ');
  if (typeof value !== 'object' || value === null) return '';
  const block = value as Record<string, unknown>;
  if (block.type === 'user') return `@${String(block.user_id)}`;
  if (block.type === 'date') return String(block.fallback ?? '');
  if (block.type === 'rich_text_section' || block.type === 'rich_text_preformatted') {
    return (block.elements as unknown[]).map(textOf).join('');
  }
  if (block.type === 'button') return `[${textOf(block.text)}]`;
  if (typeof block.text === 'string') return block.text;
  return textOf(block.text) || textOf(block.fields) || textOf(block.elements);
}
