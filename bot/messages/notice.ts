import { shown } from './escape.ts';
import { type Message, message } from './message.ts';
import { bold, code, lines } from './rich-text.ts';

/** Something the channel should know that belongs to no run. */
export interface Notice {
  /** The same key is told once, ever. */
  readonly key: string;
  readonly kind: 'file_ignored';
  readonly fileName: string;
  /** Why, as a sentence. */
  readonly reason: string;
  /** What to do, as a sentence. */
  readonly hint: string | null;
}

export function noticeMessage(notice: Notice): Message {
  const name = shown(notice.fileName, 80);
  const reason = shown(notice.reason, 300);
  return message(`${name} was ignored: ${reason}`, [
    lines(
      [code(name), bold(' was ignored. '), reason],
      notice.hint === null ? [] : [shown(notice.hint, 300)],
    ),
  ]);
}
