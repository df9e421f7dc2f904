import { actionIds } from '../../blocks/action-ids.ts';
import { answer, refused } from '../../blocks/answer.ts';
import { reasonField } from '../../blocks/reason.ts';
import type { Action } from '../../interaction/action.ts';
import type { Bot } from '../../interaction/bot.ts';
import type { Click } from '../../interaction/click.ts';
import { refuseOperator } from '../../interaction/rights.ts';
import { diffMessage } from '../versions/diff-message.ts';
import { loadDiff } from '../versions/load-diff.ts';
import { requestPromotion } from './request-promotion.ts';
import { promotionQuestion, readPromotionChoice } from './version-choice.ts';

const tooOld = refused('This menu is out of date. Run the command again.');

/** Shows what the chosen version would change compared with what is live now. */
async function choosePromotion(bot: Bot, click: Click): Promise<void> {
  const choice = readPromotionChoice(click.value);
  if (choice === null) return click.replace(tooOld);
  const { production } = await bot.pipeline.modelStatus(choice.model);
  const live = production?.version.version ?? null;
  const { model, version } = choice;
  if (live === version) {
    return click.replace(answer(`${model} v${version} is already in production.`));
  }
  const diff =
    live === null
      ? null
      : diffMessage(await loadDiff(bot.pipeline, model, { from: live, to: version }));
  await click.replace(promotionQuestion({ ...choice, live }, diff));
}

/** The button below the comparison: requests approval, once per menu and version. */
async function confirmPromotion(bot: Bot, click: Click): Promise<void> {
  const choice = readPromotionChoice(click.value);
  if (choice === null) return click.replace(tooOld);
  const { model, version, live, requestId } = choice;
  const memberOf = await bot.people.memberOf(click.actor.id);
  const refusal = refuseOperator(bot, { memberOf }, 'promote a version');
  if (refusal !== null) return click.replace(refusal);
  const { production } = await bot.pipeline.modelStatus(model);
  const now = production?.version.version ?? null;
  // v`version` is live if this button was clicked before; startRun then finds that run.
  if (now !== live && now !== version) {
    return click.replace(
      refused(
        now === null
          ? `Production changed after you compared: ${model} has nothing in production now.`
          : `Production changed after you compared: ${model} v${now} is live now.`,
        `Run /mlops promote ${model} again.`,
      ),
    );
  }
  await click.replace(
    await requestPromotion(bot, {
      requestId: `promote:${requestId}:${version}`,
      model,
      requestedBy: click.actor,
      reason: click.entered(reasonField.block) || null,
      version,
    }),
  );
}

/** The menu of versions and the button below the comparison. */
export const promoteActions: readonly Action[] = [
  { id: actionIds.promoteChoose, handle: choosePromotion, audit: null },
  { id: actionIds.promoteConfirm, handle: confirmPromotion, audit: { command: 'promote' } },
];
