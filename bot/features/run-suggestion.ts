import { actionIds } from '../blocks/action-ids.ts';
import { refused } from '../blocks/answer.ts';
import { readSuggestion, type SuggestionValue } from '../blocks/suggestion.ts';
import type { Action } from '../interaction/action.ts';
import type { Bot } from '../interaction/bot.ts';
import type { Click } from '../interaction/click.ts';
import { tryToOpen } from '../web-api/open-modal.ts';
import { answerCommand } from './answer-command.ts';

/**
 * Runs the command on the button as if this person had typed it: their rights, the same questions
 * before it, and an entry of its own in the audit log. Two clicks are one request.
 */
async function runSuggestion(bot: Bot, click: Click): Promise<void> {
  const suggestion = readSuggestion(click.value);
  if (suggestion === null) {
    return click.replace(refused('This button is from an older version of the bot.'));
  }
  await runAs(bot, click, suggestion);
}

/** The menu of a list item; its link opens by itself. */
async function runChosen(bot: Bot, click: Click): Promise<void> {
  if (click.value === 'open') return;
  await runAs(bot, click, { command: click.value, requestId: `slack:${click.triggerId}` });
}

async function runAs(bot: Bot, click: Click, { command: text, requestId }: SuggestionValue) {
  const caller = {
    actor: click.actor,
    memberOf: await bot.people.memberOf(click.actor.id),
    requestId,
    openModal: (view: Parameters<Click['openModal']>[0]) =>
      tryToOpen(bot, () => click.openModal(view)),
  };
  const reply = await answerCommand(bot, { text, caller });
  // A list stays for the next choice; a question it replaces is answered.
  if (reply !== null) await (text === click.value ? click.answer(reply) : click.replace(reply));
}

/** One id per place: Slack tells the buttons of a message apart by them. */
export const suggestionActions: readonly Action[] = [
  ...[0, 1, 2, 3, 4].map((place) => ({
    id: `${actionIds.runCommand}:${place}`,
    handle: runSuggestion,
    // It records the command itself.
    audit: null,
  })),
  { id: actionIds.commandMenu, handle: runChosen, audit: null },
];
