import { isOperator, mayRollBack } from '../../../pipeline/core/access.ts';
import { refuseDecision } from '../../../pipeline/core/approval.ts';
import type { ModelStatus } from '../../../pipeline/core/pipeline.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { isWaitingForApproval } from '../../blocks/headline.ts';
import { modelFacts } from '../../blocks/message.ts';
import type { Action } from '../../interaction/action.ts';
import type { Bot } from '../../interaction/bot.ts';
import type { Click } from '../../interaction/click.ts';
import { promotionDiff } from '../versions/load-diff.ts';
import { isShown } from './home-controls.ts';
import { type HomeState, readHomeState } from './home-state.ts';
import { homeView, PAGE_SIZE } from './home-view.ts';
import { type FleetModel, lastDecision } from './model-facts.ts';

/** Publishes one person's Home tab with the current state; `shown` is which models they look at. */
export async function publishHome(bot: Bot, userId: string, shown = ''): Promise<void> {
  const { config, pipeline, clock } = bot;
  const state = readHomeState(shown, config);
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
      fleet: await withMakers(bot, fleet, state),
      waiting,
      isOperator: isOperator(config, memberOf),
      mayRollBack: (model) => mayRollBack(config, model, memberOf),
      state,
      now: clock.now(),
    }),
  });
}

/** Reads the run behind a production version only where the page shows it and nothing newer was decided. */
async function withMakers(
  { pipeline, schedules }: Bot,
  fleet: readonly ModelStatus[],
  state: HomeState,
): Promise<readonly FleetModel[]> {
  const onPage = new Set(
    fleet
      .filter((status) => isShown(status, state))
      .slice(state.page * PAGE_SIZE, (state.page + 1) * PAGE_SIZE),
  );
  return Promise.all(
    fleet.map(async (status) => {
      const { production, recentRuns, name } = status;
      const isNeeded =
        onPage.has(status) && production !== null && lastDecision(recentRuns) === null;
      return {
        status,
        maker: isNeeded ? await pipeline.getRun(production.version.runId) : null,
        schedule: schedules[name] ?? null,
      };
    }),
  );
}

/** The menus and buttons that choose what to look at. */
async function lookAt(bot: Bot, click: Click): Promise<void> {
  await publishHome(bot, click.actor.id, click.value);
}

/** The menus and buttons of the Home tab that only show something else. */
export const homeActions: readonly Action[] = [
  actionIds.homeModel,
  actionIds.homeFilter,
  actionIds.homeRefresh,
  ...['all', 'previous', 'next'].map((name) => `${actionIds.homePage}:${name}`),
].map((id) => ({ id, handle: lookAt, audit: null }));
