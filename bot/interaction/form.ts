import type { Bot } from './bot.ts';
import type { Click } from './click.ts';
import type { Reply } from './command.ts';

/** What the fields of a form hold, by block and action, as Slack sends them. */
export type FormValues = Readonly<
  Record<
    string,
    Readonly<
      Record<
        string,
        { readonly value?: string | null; readonly selected_option?: { value: string } | null }
      >
    >
  >
>;

/** A submitted form, freed of Slack's payload. */
export interface Submission {
  readonly actor: Click['actor'];
  /** The same for every delivery of one submission. */
  readonly viewId: string;
  /** What the form was opened with. */
  readonly metadata: string;
  /** What was typed or chosen in the field of a block; empty when nothing was. */
  readonly entered: (block: string) => string;
}

export type Submitted =
  /** The form stays open, with an error at each of these blocks. */
  | { readonly kind: 'errors'; readonly errors: Readonly<Record<string, string>> }
  /** The answer takes the place of the form. */
  | { readonly kind: 'answered'; readonly reply: Reply }
  /** The form closes; the answer replaces the private message it was opened from, if any. */
  | { readonly kind: 'closed'; readonly reply: Reply; readonly privateAddress: string | null };

/** What the submission of one modal does. */
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
  return (state?.value ?? state?.selected_option?.value ?? '').trim();
}
