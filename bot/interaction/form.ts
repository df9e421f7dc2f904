import type { ModalView } from '@slack/web-api';
import type { Bot } from './bot.ts';
import type { Click } from './click.ts';
import type { Reply } from './command.ts';

/** The values of a form's fields by block and action, as Slack sends them. */
export type FormValues = Readonly<
  Record<
    string,
    Readonly<
      Record<
        string,
        {
          readonly value?: string | null;
          readonly selected_option?: { value: string } | null;
          readonly selected_user?: string | null;
        }
      >
    >
  >
>;

/** A submitted form, independent of Slack's payload. */
export interface Submission {
  readonly actor: Click['actor'];
  /** Identical for every delivery of one submission. */
  readonly viewId: string;
  /** The metadata the form was opened with. */
  readonly metadata: string;
  /** What was typed or chosen in a block's field; empty when nothing was. */
  readonly entered: (block: string) => string;
}

/** What happens to the form after its submission. */
export type Submitted =
  /** The form stays open and shows an error at each of these blocks. */
  | { readonly kind: 'errors'; readonly errors: Readonly<Record<string, string>> }
  /** The answer replaces the form. */
  | { readonly kind: 'answered'; readonly reply: Reply }
  /** Another form replaces it; the answer is for a person whose form has waited too long. */
  | { readonly kind: 'next'; readonly view: ModalView; readonly reply: Reply }
  /** The form closes; the answer replaces the private message it was opened from, if any. */
  | { readonly kind: 'closed'; readonly reply: Reply; readonly privateAddress: string | null };

/** One modal form: its id, and what its submission does. */
export interface Form {
  /** Its `callback_id`. */
  readonly id: string;
  readonly submit: (bot: Bot, submission: Submission) => Promise<Submitted>;
  readonly audit: {
    /** The command the form stands for, such as `rollback`. */
    readonly command: string;
    readonly describe: (submission: Submission) => string;
  };
}

/** Reads the one field of a block. */
export function readField(values: FormValues, block: string): string {
  const [state] = Object.values(values[block] ?? {});
  return (state?.value ?? state?.selected_option?.value ?? state?.selected_user ?? '').trim();
}
