import { shown } from '../../blocks/escape.ts';
import { plural } from '../../blocks/format.ts';
import { type Message, message } from '../../blocks/message.ts';
import { bold, code, type Line, lines } from '../../blocks/rich-text.ts';

/** An announcement to the channel that does not belong to a run; a key is announced only once. */
export type Notice = { readonly key: string } & (
  | (Because & { readonly kind: 'file_ignored'; readonly fileName: string })
  | (Because & { readonly kind: 'retrain_refused'; readonly model: string })
  | Hello
);

interface Because {
  /** Why, as a sentence. */
  readonly reason: string;
  /** What to do, as a sentence. */
  readonly hint: string | null;
}

/** The first message in a workspace. */
interface Hello {
  readonly kind: 'hello';
  readonly models: readonly string[];
  /** Sentences that say what to do. */
  readonly missing: readonly string[];
}

/** The message of a notice. */
export function noticeMessage(notice: Notice): Message {
  switch (notice.kind) {
    case 'file_ignored': {
      const name = shown(notice.fileName, 80);
      const reason = shown(notice.reason, 300);
      const line = [code(name), bold(' was ignored. '), reason];
      return withHint(`${name} was ignored: ${reason}`, line, notice);
    }
    case 'retrain_refused': {
      const reason = shown(notice.reason, 300);
      const what = `The scheduled retrain of ${shown(notice.model, 80)} was not started`;
      return withHint(`${what}: ${reason}`, [bold(`${what}: `), reason], notice);
    }
    case 'hello':
      return helloMessage(notice);
  }
}

const withHint = (text: string, line: Line, { hint }: Because): Message =>
  message(text, [lines(line, [hint === null ? '' : shown(hint, 300)])]);

const MOST_MODELS = 10;
const MOST_MISSING = 10;

function helloMessage({ models, missing }: Hello): Message {
  const rest = models.length - MOST_MODELS;
  const named = models.slice(0, MOST_MODELS).join(', ');
  return message('mlops-bot is here', [
    lines(
      [
        bold('👋 mlops-bot is here. '),
        'Runs are announced in this channel, one card and thread each.',
      ],
      [
        `It knows ${plural(models.length, 'model')}: ${shown(named, 300)}${rest > 0 ? ` and ${rest} more` : ''}. Nothing has been trained yet.`,
      ],
      missing.length === 0 ? ['Nothing is missing in Slack.'] : [bold('Missing: ')],
      ...missing.slice(0, MOST_MISSING).map((sentence): Line => [`• ${shown(sentence, 300)}`]),
      ['Next: put a dataset into the inbox of a model, or type ', code('/mlops help'), '.'],
    ),
  ]);
}
