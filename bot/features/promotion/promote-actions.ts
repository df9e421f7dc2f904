import { actionIds } from '../../blocks/action-ids.ts';
import { answer, refused } from '../../blocks/answer.ts';
import { reasonField } from '../../blocks/reason.ts';
import { startedAnswer } from '../../blocks/started.ts';
import type { Action } from '../../interaction/action.ts';
import type { Bot } from '../../interaction/bot.ts';
import type { Click } from '../../interaction/click.ts';
import { refuseOperator } from '../../interaction/rights.ts';
import { diffMessage } from '../versions/diff-message.ts';
import { loadDiff } from '../versions/load-diff.ts';
import { promotionQuestion, readPromotionChoice } from './version-choice.ts';

const tooOld = refused('This menu is too old; give the command again.');

/** A version was chosen: shows what would change against what is live now. */
async function choosePromotion(bot: Bot, click: Click): Promise<void> {
  const choice = readPromotionChoice(click.value);
  if (choice === null) return click.replace(tooOld);
  const { production } = await bot.pipeline.modelStatus(choice.model);
  const live = production?.version.version ?? null;
  const { model, version } = choice;
  if (live === version) {
    return click.replace(answer(`${model} v${version} is in production already.`));
  }
  const diff =
    live === null
      ? null
      : diffMessage(await loadDiff(bot.pipeline, model, { from: live, to: version }));
  await click.replace(promotionQuestion({ ...choice, live }, diff));
}

/** The button below the comparison: asks the approvers, once per menu and version. */
async function confirmPromotion(bot: Bot, click: Click): Promise<void> {
  const choice = readPromotionChoice(click.value);
  if (choice === null) return click.replace(tooOld);
  const { model, version, live, requestId } = choice;
  const memberOf = await bot.people.memberOf(click.actor.id);
  const refusal = refuseOperator(bot, { memberOf }, 'promote a version');
  if (refusal !== null) return click.replace(refusal);
  const { production } = await bot.pipeline.modelStatus(model);
  const now = production?.version.version ?? null;
  // v`version` being live already is this very button pressed before: startRun finds that run.
  if (now !== live && now !== version) {
    return click.replace(
      refused(
        `Production of ${model} has changed since you compared: it is v${now} now.`,
        `/mlops promote ${model} compares anew.`,
      ),
    );
  }
  const started = await bot.pipeline.startRun({
    kind: 'promote',
    requestId: `promote:${requestId}:${version}`,
    model,
    requestedBy: click.actor,
    reason: click.entered(reasonField.block) || null,
    version,
  });
  await bot.cards.onEvent(started.run.id);
  await click.replace(startedAnswer(started, bot.config.channel));
}

/** The menu of versions, and the button below the comparison. */
export const promoteActions: readonly Action[] = [
  { id: actionIds.promoteChoose, handle: choosePromotion, audit: null },
  { id: actionIds.promoteConfirm, handle: confirmPromotion, audit: { command: 'promote' } },
];
