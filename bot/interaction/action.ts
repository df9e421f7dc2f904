import type { Bot } from './bot.ts';
import type { Click } from './click.ts';

/** One button or menu: its id, and what a click does. */
export interface Action {
  /** Its `action_id`. */
  readonly id: string;
  readonly handle: (bot: Bot, click: Click) => Promise<void>;
  /** How the audit log records a click; null when it only shows something. */
  readonly audit: AuditedAs | null;
}

/** How a click appears in the audit log. */
export interface AuditedAs {
  /** The command the button stands for, such as `approve`. */
  readonly command: string;
  /** The button's value in words; default: {@link readableValue}. */
  readonly describe?: (value: string) => string;
}

const DIGEST = /^[0-9a-f]{64}$/;

/** A button's value in words, without digests. */
export function readableValue(value: string): string {
  try {
    const parts: unknown = JSON.parse(value);
    if (Array.isArray(parts)) return parts.filter((part) => !DIGEST.test(String(part))).join(' ');
  } catch {
    // Not a list; a plain value is readable as it is.
  }
  return value;
}
