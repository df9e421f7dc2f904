import { isOperator, mayRollBack } from '../../../pipeline/core/access.ts';
import { refuseDecision } from '../../../pipeline/core/approval.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { isWaitingForApproval } from '../../blocks/headline.ts';
import { modelFacts } from '../../blocks/message.ts';
import type { Action } from '../../interaction/action.ts';
import type { Bot } from '../../interaction/bot.ts';
import type { Click } from '../../interaction/click.ts';
import { promotionDiff } from '../versions/load-diff.ts';
import { homeView } from './home-view.ts';

/** Publishes one person's Home tab with the current state; `selected` is the model to show first. */
export async function publishHome(bot: Bot, userId: string, selected?: string): Promise<void> {
  const { config, pipeline, clock } = bot;
  const [fleet, memberOf] = await Promise.all([pipeline.fleet(), bot.people.memberOf(userId)]);
  const by = { kind: 'person', id: userId, name: userId } as const;
  const asked = fleet.flatMap(({ activeRuns }) => activeRuns).filter(isWaitingForApproval);
  const waiting = await Promise.all(
    asked.map(async (run) => {
      const digest = run.approval?.digest ?? '';
      return {
        run,
        facts: { ...modelFacts(config, run.model), diff: await promotionDiff(pipeline, run) },
        isMine: refuseDecision(run, { by, memberOf, digest, now: clock.now() }) === null,
      };
    }),
  );
  await bot.client.views.publish({
    user_id: userId,
    view: homeView({
      fleet,
      waiting,
      isOperator: isOperator(config, memberOf),
      mayRollBack: (model) => mayRollBack(config, model, memberOf),
      selected: selected ?? null,
      now: clock.now(),
    }),
  });
}

/** The menu of models and the refresh button. */
async function chooseHomeModel(bot: Bot, click: Click): Promise<void> {
  await publishHome(bot, click.actor.id, click.value === '' ? undefined : click.value);
}

/** The menu and the refresh button of the Home tab. */
export const homeActions: readonly Action[] = [
  { id: actionIds.homeModel, handle: chooseHomeModel, audit: null },
  { id: actionIds.homeRefresh, handle: chooseHomeModel, audit: null },
];
