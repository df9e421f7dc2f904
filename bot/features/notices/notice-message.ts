import { shown } from '../../blocks/escape.ts';
import { type Message, message } from '../../blocks/message.ts';
import { bold, code, type Line, lines } from '../../blocks/rich-text.ts';

/** Something the channel should know that belongs to no run. */
export type Notice = {
  /** The same key is told once, ever. */
  readonly key: string;
  /** Why, as a sentence. */
  readonly reason: string;
  /** What to do, as a sentence. */
  readonly hint: string | null;
} & (
  | { readonly kind: 'file_ignored'; readonly fileName: string }
  | { readonly kind: 'retrain_refused'; readonly model: string }
);

export function noticeMessage(notice: Notice): Message {
  const reason = shown(notice.reason, 300);
  const hint = notice.hint === null ? '' : shown(notice.hint, 300);
  switch (notice.kind) {
    case 'file_ignored': {
      const name = shown(notice.fileName, 80);
      const said = [code(name), bold(' was ignored. '), reason];
      return told(`${name} was ignored: ${reason}`, said, hint);
    }
    case 'retrain_refused': {
      const what = `The scheduled retrain of ${shown(notice.model, 80)} was not started`;
      return told(`${what}: ${reason}`, [bold(`${what}: `), reason], hint);
    }
  }
}

const told = (text: string, said: Line, hint: string): Message =>
  message(text, [lines(said, [hint])]);
