import { refuseDecision } from '../../../pipeline/core/approval.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { refused } from '../../blocks/answer.ts';
import type { Action } from '../../interaction/action.ts';
import type { Bot } from '../../interaction/bot.ts';
import type { Click } from '../../interaction/click.ts';
import { questionAbout } from './decide-commands.ts';
import { refusalAnswer } from './refusal.ts';
import { readChoosing } from './which-message.ts';

/** One of several waiting versions was chosen: shows what would be decided. */
async function choose(bot: Bot, click: Click): Promise<void> {
  const chosen = readChoosing(click.value);
  const run = chosen && (await bot.pipeline.getRun(chosen.runId));
  if (chosen === null || run === null) {
    return click.replace(refused('That run no longer exists.'));
  }
  const memberOf = await bot.people.memberOf(click.actor.id);
  const digest = run.approval?.digest ?? '';
  const now = bot.clock.now();
  const refusal = refuseDecision(run, { by: click.actor, memberOf, digest, now });
  if (refusal !== null) return click.replace(refusalAnswer(refusal, click.actor));
  await click.replace(await questionAbout(bot, run, chosen.reason));
}

/** The buttons that name one of several waiting versions. */
export const chooseAction: Action = { id: actionIds.decideChoose, handle: choose, audit: null };
