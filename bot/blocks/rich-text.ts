import type {
  RichTextBlock,
  RichTextBlockElement,
  RichTextElement,
  RichTextList,
  RichTextPreformatted,
  RichTextSection,
} from '@slack/types';
import { truncate } from './escape.ts';

/**
 * Part of a line. Strings are literal: nothing in them becomes markup or a mention, so every message
 * is built from these and never from mrkdwn.
 */
export type Inline = string | RichTextElement;
export type Line = readonly Inline[];

/** Longest text of one element. Slack documents no limit here; a section stops at 3000. */
const MAX_TEXT = 600;
const MAX_PREFORMATTED = 2_900;

export const bold = (value: string): RichTextElement => styled(value, { bold: true });
export const code = (value: string): RichTextElement => styled(value, { code: true });
export const italic = (value: string): RichTextElement => styled(value, { italic: true });

/** A link with a label. */
export function link(url: string, label: string): RichTextElement {
  return { type: 'link', url, text: truncate(label, MAX_TEXT) };
}

/** Mentions a person (`U…`) or a user group (`S…`); notifies on posting, not on editing. */
export function mention(id: string): RichTextElement {
  return id.startsWith('S')
    ? { type: 'usergroup', usergroup_id: id }
    : { type: 'user', user_id: id };
}

/** A channel by its id, which Slack shows as a link with its name, or by its name. */
export function channelName(channel: string): Inline {
  return /^[CG][A-Z0-9]{2,}$/.test(channel) ? { type: 'channel', channel_id: channel } : channel;
}

/** An instant in the reader's own time zone. */
export function instant(iso: string, form: 'time' | 'date and time' = 'time'): RichTextElement {
  const time = new Date(iso);
  const utc = time.toISOString();
  return {
    type: 'date',
    timestamp: Math.floor(time.getTime() / 1000),
    format: form === 'time' ? '{time}' : '{date_short_pretty} at {time}',
    fallback:
      form === 'time' ? `${utc.slice(11, 16)} UTC` : `${utc.slice(0, 10)} ${utc.slice(11, 16)} UTC`,
  };
}

/** One paragraph. */
export function section(...line: Line): RichTextSection {
  return { type: 'rich_text_section', elements: elementsOf(line) };
}

/** A bulleted list. */
export function bullets(lines: readonly Line[]): RichTextList {
  return {
    type: 'rich_text_list',
    style: 'bullet',
    elements: lines.map((line) => section(...line)),
  };
}

/** Fixed-width text, cut to what Slack shows in one block. */
export function preformatted(text: string): RichTextPreformatted {
  return {
    type: 'rich_text_preformatted',
    elements: [{ type: 'text', text: truncate(text, MAX_PREFORMATTED) || ' ' }],
  };
}

/** A block of paragraphs, lists and preformatted text. */
export function richText(...elements: readonly RichTextBlockElement[]): RichTextBlock {
  return { type: 'rich_text', elements: [...elements] };
}

/** Lines in one block, one below the other; empty lines are left out. */
export function lines(...all: readonly Line[]): RichTextBlock {
  return richText(
    ...all.filter((line) => line.some((inline) => inline !== '')).map((line) => section(...line)),
  );
}

function styled(value: string, style: NonNullable<RichTextSection['elements'][number]['style']>) {
  return { type: 'text' as const, text: truncate(value, MAX_TEXT) || ' ', style };
}

function elementsOf(line: Line): RichTextElement[] {
  return line
    .filter((inline) => inline !== '')
    .map((inline) =>
      typeof inline === 'string' ? { type: 'text', text: truncate(inline, MAX_TEXT) } : inline,
    );
}
