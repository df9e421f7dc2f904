import type { Bot } from './bot.ts';
import type { Click } from './click.ts';

/** What a press of one button (or a choice in one menu) does. */
export interface Action {
  /** Its `action_id`. */
  readonly id: string;
  readonly handle: (bot: Bot, click: Click) => Promise<void>;
  /** How the audit log records a press; null when it only shows something. */
  readonly audit: AuditedAs | null;
}

export interface AuditedAs {
  /** The command the button stands for, such as `approve`. */
  readonly command: string;
  /** The button's value in words; left out: {@link readableValue}. */
  readonly describe?: (value: string) => string;
}

const DIGEST = /^[0-9a-f]{64}$/;

/** What a button carries, without the digests that say nothing to a reader. */
export function readableValue(value: string): string {
  try {
    const parts: unknown = JSON.parse(value);
    if (Array.isArray(parts)) return parts.filter((part) => !DIGEST.test(String(part))).join(' ');
  } catch {
    // Not a list: a plain value is readable as it is.
  }
  return value;
}
