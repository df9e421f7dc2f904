import type { ActionsBlock, Button } from '@slack/types';
import {
  currentStage,
  deployedVersion,
  hasEnded,
  liveVersion,
  type Run,
  waitsForSpot,
} from '../../../pipeline/core/run.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { button, confirmation } from '../../blocks/button.ts';
import { isStoppedByData } from '../../blocks/data-lines.ts';
import { isWaitingForApproval } from '../../blocks/headline.ts';
import { menu } from '../../blocks/menu.ts';
import type { ModelFacts } from '../../blocks/message.ts';
import { runNames } from '../../blocks/started.ts';
import { approveButton, rejectButton } from '../approval/decision-buttons.ts';
import { requestMenu } from '../approval/request-menu.ts';
import { evidenceButtons } from '../evidence/evidence-action.ts';
import { tryButton } from '../predict/try-actions.ts';
import { nextAttempt } from '../retry/next-attempt.ts';
import { detailsButton } from './details-action.ts';

/** The buttons of a card in its current state; behind “Details” the menu of an open request. */
export function cardButtons(run: Run, facts: ModelFacts): readonly ActionsBlock[] {
  const elements = isWaitingForApproval(run)
    ? [approveButton(run, facts), rejectButton(run), stopButton(run)]
    : hasEnded(run)
      ? afterwards(run)
      : underway(run);
  const more = isWaitingForApproval(run) ? menu(requestMenu(run)) : null;
  const shown = [...evidenceButtons(run), detailsButton(run)];
  const all = [...elements, ...shown, ...(more === null ? [] : [more])];
  return [{ type: 'actions', block_id: 'run', elements: all }];
}

function underway(run: Run): Button[] {
  const stage = currentStage(run)?.name;
  if (stage === 'deploy' && run.waitingFor === null) return [];
  // A deployment that has started cannot be stopped, only rolled back once it is live.
  if (stage === 'watch' || run.deployment !== null) {
    return [...tryButtons(run), ...rollBackButtons(run)];
  }
  if (run.stopRequestedBy !== null) return [];
  return [...onDemandButtons(run), stopButton(run)];
}

/** Only while a Spot job has been waiting for long, or for a busy quota, and no one has asked for on-demand yet. */
function onDemandButtons(run: Run): Button[] {
  const { training, queuedJob } = run;
  if (training === null || !waitsForSpot(run)) return [];
  if (training.waitsSince === undefined && queuedJob === undefined) return [];
  if (run.onDemandRequestedBy !== undefined) return [];
  return [
    {
      ...button(actionIds.onDemand, 'Switch to on-demand', run.id),
      confirm: confirmation({
        title: 'Stop waiting for Spot?',
        text: `${run.model} will train on an on-demand ${training.instanceType} at full price instead.`,
        yes: 'Switch',
      }),
    },
  ];
}

function stopButton(run: Run): Button {
  return {
    ...button(actionIds.stop, 'Stop', run.id),
    confirm: confirmation({
      title: 'Stop this run?',
      text: `The ${runNames[run.kind]} of ${run.model} will be stopped. Production stays as it is.`,
      yes: 'Stop',
      danger: true,
    }),
  };
}

function tryButtons(run: Run): Button[] {
  return liveVersion(run) === null ? [] : [tryButton(run.model)];
}

function rollBackButtons(run: Run): Button[] {
  const from = run.deployment?.from ?? null;
  const to = liveVersion(run);
  if (from === null || to === null || run.kind === 'rollback') return [];
  // A rollback only goes back; what is newer asks for approval.
  if (from > to) return [];
  return [{ ...button(actionIds.rollBack, `Roll back to v${from}`, run.id), style: 'danger' }];
}

function afterwards(run: Run): Button[] {
  if (deployedVersion(run) !== null) return [...tryButtons(run), ...rollBackButtons(run)];
  const again = nextAttempt(run);
  if (again === null) return [];
  if (isStoppedByData(run)) return [trainAnyway(run)];
  const label = again === 'promote' ? `Ask again for v${run.version}` : 'Run again';
  return [button(actionIds.runAgain, label, run.id)];
}

function trainAnyway(run: Run): Button {
  return {
    ...button(actionIds.runAgain, 'Train anyway', run.id),
    confirm: confirmation({
      title: 'Train on this data?',
      text: `It differs from the data of ${run.model} v${run.dataChanges?.against}. A new run trains on it.`,
      yes: 'Train',
    }),
  };
}
