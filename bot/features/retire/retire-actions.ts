import { actionIds } from '../../blocks/action-ids.ts';
import { refused } from '../../blocks/answer.ts';
import { reasonField } from '../../blocks/reason.ts';
import type { Action } from '../../interaction/action.ts';
import type { Bot } from '../../interaction/bot.ts';
import type { Click } from '../../interaction/click.ts';
import type { Form } from '../../interaction/form.ts';
import { readRetireChoice, retireFormId, retireWords } from './retire-modal.ts';
import { startRetirement } from './start-retirement.ts';

const tooOld = refused('This button is out of date. Run the command again.');
const noReason = 'Say why, in a few words.';

async function retireNow(bot: Bot, click: Click): Promise<void> {
  const choice = readRetireChoice(click.value);
  if (choice === null) return click.replace(tooOld);
  const reason = click.entered(reasonField.block);
  if (reason.trim() === '') return click.answer(refused(noReason));
  const memberOf = await bot.people.memberOf(click.actor.id);
  await click.replace(await startRetirement(bot, choice, { actor: click.actor, memberOf, reason }));
}

/** The button in the private message that replaces the form. */
export const retireAction: Action = {
  id: actionIds.retireNow,
  handle: retireNow,
  audit: { command: 'retire', describe: retireWords },
};

/** The form that confirms a retirement; the answer replaces it. */
export const retireForm: Form = {
  id: retireFormId,
  async submit(bot, { actor, metadata, entered }) {
    const choice = readRetireChoice(metadata);
    if (choice === null) return { kind: 'answered', reply: tooOld };
    const reason = entered(reasonField.block);
    if (reason === '') return { kind: 'errors', errors: { [reasonField.block]: noReason } };
    const memberOf = await bot.people.memberOf(actor.id);
    return {
      kind: 'answered',
      reply: await startRetirement(bot, choice, { actor, memberOf, reason }),
    };
  },
  audit: {
    command: 'retire',
    describe: ({ metadata, entered }) => `${retireWords(metadata)} ${entered(reasonField.block)}`,
  },
};
