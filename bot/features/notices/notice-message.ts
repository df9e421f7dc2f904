import { shown } from '../../blocks/escape.ts';
import { type Message, message } from '../../blocks/message.ts';
import { bold, code, type Line, lines } from '../../blocks/rich-text.ts';

/** An announcement to the channel that does not belong to a run. */
export type Notice = {
  /** A key is announced only once. */
  readonly key: string;
  /** Why, as a sentence. */
  readonly reason: string;
  /** What to do, as a sentence. */
  readonly hint: string | null;
} & (
  | { readonly kind: 'file_ignored'; readonly fileName: string }
  | { readonly kind: 'retrain_refused'; readonly model: string }
);

/** The message of a notice. */
export function noticeMessage(notice: Notice): Message {
  const reason = shown(notice.reason, 300);
  const hint = notice.hint === null ? '' : shown(notice.hint, 300);
  switch (notice.kind) {
    case 'file_ignored': {
      const name = shown(notice.fileName, 80);
      const line = [code(name), bold(' was ignored. '), reason];
      return withHint(`${name} was ignored: ${reason}`, line, hint);
    }
    case 'retrain_refused': {
      const what = `The scheduled retrain of ${shown(notice.model, 80)} was not started`;
      return withHint(`${what}: ${reason}`, [bold(`${what}: `), reason], hint);
    }
  }
}

const withHint = (text: string, line: Line, hint: string): Message =>
  message(text, [lines(line, [hint])]);
