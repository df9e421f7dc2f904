import type { KnownBlock, Overflow, PlainTextOption } from '@slack/types';
import { actionIds } from './action-ids.ts';
import { shown, truncate } from './escape.ts';

/** A choice in the menu of a list item: a command that it runs, or a page that it opens. */
export type MenuItem =
  | { readonly label: string; readonly command: string }
  | { readonly label: string; readonly url: string };

/** Slack's limits for a menu beside a text. */
const MOST_ITEMS = 5;
const MOST_VALUE = 150;
const MOST_TEXT = 500;

/**
 * One line of a list with a menu of what can be done with it. Plain text, in which nothing becomes
 * markup; a link is in the menu.
 */
export function itemWithMenu(text: string, items: readonly (MenuItem | null)[]): KnownBlock {
  const accessory = menu(items);
  const line = shown(text, MOST_TEXT) || ' ';
  return {
    type: 'section',
    text: { type: 'plain_text', text: line, emoji: true },
    ...(accessory === null ? {} : { accessory }),
  };
}

/** The menu alone; null when nothing can be done. */
export function menu(items: readonly (MenuItem | null)[]): Overflow | null {
  const options = items.flatMap((item) => (item === null ? [] : optionOf(item)));
  if (options.length === 0) return null;
  const action_id = actionIds.commandMenu;
  return { type: 'overflow', action_id, options: options.slice(0, MOST_ITEMS) };
}

function optionOf(item: MenuItem): (PlainTextOption & { url?: string })[] {
  const text = { type: 'plain_text' as const, text: truncate(item.label, 75), emoji: true };
  // Slack reports the click on a link too; its value runs nothing.
  if ('url' in item) return [{ text, value: 'open', url: item.url }];
  return item.command.length > MOST_VALUE ? [] : [{ text, value: item.command }];
}

/** The link of a menu; null where there is no card to open. */
export function openCard(address: string | null, label = 'Open the card'): MenuItem | null {
  return address === null ? null : { label, url: address };
}
