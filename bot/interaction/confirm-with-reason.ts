import type { Membership } from '../../pipeline/core/access.ts';
import type { Actor } from '../../pipeline/core/run.ts';
import { refused } from '../blocks/answer.ts';
import { reasonField } from '../blocks/reason.ts';
import type { Action } from './action.ts';
import type { Bot } from './bot.ts';
import type { Reply } from './command.ts';
import type { Form } from './form.ts';

/** The answer to a button whose value no longer says what it did. */
export const tooOld = refused('This button is out of date. Run the command again.');

const noReason = 'Say why, in a few words.';

/**
 * A form that confirms a choice and asks why, and the button in the private message that replaces the
 * form where none opens. The answer replaces either.
 */
export function confirmWithReason<Choice>(options: {
  readonly command: string;
  readonly actionId: string;
  readonly formId: string;
  readonly isReasonOptional: boolean;
  /** Null for what an older version wrote. */
  readonly readChoice: (value: string) => Choice | null;
  /** The choice as words of the command, for the audit log. */
  readonly wordsOf: (value: string) => string;
  readonly start: (
    bot: Bot,
    choice: Choice,
    by: { readonly actor: Actor; readonly memberOf: Membership; readonly reason: string },
  ) => Promise<Reply>;
}): { readonly action: Action; readonly form: Form } {
  const { command, actionId, formId, isReasonOptional, readChoice, wordsOf, start } = options;
  const isMissing = (reason: string) => reason.trim() === '' && !isReasonOptional;

  return {
    action: {
      id: actionId,
      async handle(bot, { value, actor, entered, answer, replace }) {
        const choice = readChoice(value);
        if (choice === null) return replace(tooOld);
        const reason = entered(reasonField.block);
        if (isMissing(reason)) return answer(refused(noReason));
        const memberOf = await bot.people.memberOf(actor.id);
        await replace(await start(bot, choice, { actor, memberOf, reason }));
      },
      audit: { command, describe: wordsOf },
    },
    form: {
      id: formId,
      async submit(bot, { actor, metadata, entered }) {
        const choice = readChoice(metadata);
        if (choice === null) return { kind: 'answered', reply: tooOld };
        const reason = entered(reasonField.block);
        if (isMissing(reason)) return { kind: 'errors', errors: { [reasonField.block]: noReason } };
        const memberOf = await bot.people.memberOf(actor.id);
        return { kind: 'answered', reply: await start(bot, choice, { actor, memberOf, reason }) };
      },
      audit: {
        command,
        describe: ({ metadata, entered }) =>
          `${wordsOf(metadata)} ${entered(reasonField.block)}`.trim(),
      },
    },
  };
}
