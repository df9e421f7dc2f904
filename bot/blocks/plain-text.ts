import type { Message } from './message.ts';
import type { Line } from './rich-text.ts';

type Json = Readonly<Record<string, unknown>>;

/** A message as plain text, for terminals and for tests that check what people read. */
export function plainText(message: Pick<Message, 'blocks'>): string {
  return message.blocks
    .map((block) => blockText(block as unknown as Json))
    .join('\n')
    .replaceAll('\u00a0', ' ');
}

function blockText(block: Json): string {
  switch (block.type) {
    case 'rich_text':
      return list(block.elements).map(richElement).join('\n');
    case 'actions':
      return list(block.elements)
        .map((element) => (element.type === 'overflow' ? menuText(element) : `[${label(element)}]`))
        .join(' ');
    case 'context':
      return list(block.elements).map(label).join(' ');
    case 'section':
      return [label(block), ...list(block.fields).map(label), menuText(block.accessory)]
        .filter(Boolean)
        .join('\n');
    case 'table':
      return (Array.isArray(block.rows) ? block.rows : [])
        .map((row) => list(row).map(inlineText).join('  ').trim())
        .join('\n');
    case 'data_visualization':
      return `[chart: ${block.title}]`;
    case 'divider':
      return '';
    default:
      return label(block);
  }
}

/** A line as plain text; times in UTC. */
export function lineText(line: Line): string {
  return line
    .map((part) => (typeof part === 'string' ? part : inlineText(part as unknown as Json)))
    .join('');
}

/** The choices beside a text, as in `[Logs | Stop]`. */
function menuText(accessory: unknown): string {
  const options = list((accessory as Json | undefined)?.options).map(label);
  return options.length === 0 ? '' : `[${options.join(' | ')}]`;
}

function richElement(element: Json): string {
  if (element.type !== 'rich_text_list') return list(element.elements).map(inlineText).join('');
  return list(element.elements)
    .map((item) => `• ${list(item.elements).map(inlineText).join('')}`)
    .join('\n');
}

function inlineText(inline: Json): string {
  switch (inline.type) {
    case 'date':
      return String(inline.fallback);
    case 'user':
      return `@${inline.user_id}`;
    case 'channel':
      return `#${inline.channel_id}`;
    case 'usergroup':
      return `@${inline.usergroup_id}`;
    case 'link':
      return `${inline.text} (${inline.url})`;
    default:
      return String(inline.text ?? '');
  }
}

function label(element: Json): string {
  const { text } = element as { text?: string | { text?: string } };
  const placeholder = (element.placeholder as { text?: string } | undefined)?.text;
  return (typeof text === 'string' ? text : text?.text) ?? placeholder ?? '';
}

const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value : []);
