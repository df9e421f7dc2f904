import type { ActionsBlock, Button, ConfirmationDialog } from '@slack/types';
import {
  currentStage,
  deployedVersion,
  hasEnded,
  liveVersion,
  type Run,
  waitsForSpot,
} from '../../pipeline/core/run.ts';
import { truncate } from './escape.ts';
import { waits } from './headline.ts';
import type { ModelFacts } from './message.ts';
import { MOST_REASON_CHARACTERS } from './reason.ts';
import { scorePhrase } from './scores.ts';

/** Routes of everything a person can press; `bot/slack/bind-app.ts` binds each to a callback. */
export const actionIds = {
  approve: 'run.approve',
  reject: 'run.reject',
  stop: 'run.stop',
  rollBack: 'run.roll_back',
  runAgain: 'run.again',
  onDemand: 'run.on_demand',
  rollBackModel: 'model.roll_back',
  rollBackNow: 'model.roll_back_now',
  retrainModel: 'model.retrain',
  promoteChoose: 'promote.choose',
  promoteConfirm: 'promote.confirm',
  retrainChooseModel: 'retrain.model',
  homeModel: 'home.model',
  homeRefresh: 'home.refresh',
  acknowledge: 'alert.acknowledge',
  muteAlert: 'alert.mute',
  unmuteAlert: 'alert.unmute',
} as const;

/** Buttons of a card: only what makes sense in this state; none once nothing can be done. */
export function cardButtons(run: Run, facts: ModelFacts): readonly ActionsBlock[] {
  const elements = waits(run)
    ? [approveButton(run, facts), rejectButton(run), stopButton(run)]
    : hasEnded(run)
      ? afterwards(run)
      : underway(run);
  return elements.length === 0 ? [] : [{ type: 'actions', block_id: 'run', elements }];
}

/** What a decision button carries: which run, exactly what is decided about, and why if given. */
export function decisionValue(run: Run, reason: string | null = null): string {
  const digest = run.approval?.digest ?? '';
  return JSON.stringify(reason === null ? [run.id, digest] : [run.id, digest, reason]);
}

export function approveButton(run: Run, facts: ModelFacts): Button {
  const from = run.evaluatedAgainst === null ? '' : ` in place of v${run.evaluatedAgainst}`;
  const scores = scorePhrase(run, facts);
  const doubt = run.verdict?.outcome === 'inconclusive' ? ' The comparison was inconclusive.' : '';
  return {
    ...button(actionIds.approve, 'Approve', decisionValue(run)),
    style: 'primary',
    confirm: confirmation({
      title: `Deploy ${run.model} v${run.version}?`,
      text: `v${run.version} goes into production${from}.${scores ? ` ${scores}.` : ''}${doubt}`,
      yes: 'Approve',
    }),
  };
}

export function rejectButton(run: Run, reason: string | null = null): Button {
  const kept = reason === null ? null : truncate(reason, MOST_REASON_CHARACTERS);
  return button(actionIds.reject, 'Reject…', decisionValue(run, kept));
}

function underway(run: Run): Button[] {
  const stage = currentStage(run)?.name;
  if (stage === 'watch') return rollBackButtons(run);
  if (stage === 'deploy' && run.waitingFor === null) return [];
  if (run.stopRequestedBy !== null) return [];
  return [...onDemandButtons(run), stopButton(run)];
}

/** Only while a Spot job has waited long for its machine, and nobody has asked yet. */
function onDemandButtons(run: Run): Button[] {
  if (run.training?.waitsSince === undefined || !waitsForSpot(run)) return [];
  if (run.onDemandRequestedBy !== undefined) return [];
  return [
    {
      ...button(actionIds.onDemand, 'Switch to on-demand', run.id),
      confirm: confirmation({
        title: 'Stop waiting for Spot?',
        text: `${run.model} trains on an on-demand ${run.training.instanceType} at full price instead.`,
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
      text: `The ${run.kind} of ${run.model} ends now. Production stays as it is.`,
      yes: 'Stop it',
      danger: true,
    }),
  };
}

function rollBackButtons(run: Run): Button[] {
  const from = run.deployment?.from ?? null;
  const to = liveVersion(run);
  if (from === null || to === null || run.kind === 'rollback') return [];
  return [{ ...button(actionIds.rollBack, `Roll back to v${from}`, run.id), style: 'danger' }];
}

function afterwards(run: Run): Button[] {
  if (deployedVersion(run) !== null) return rollBackButtons(run);
  const again = nextAttempt(run);
  if (again === null) return [];
  const label = again === 'promote' ? `Ask again for v${run.version}` : 'Run again';
  return [button(actionIds.runAgain, label, run.id)];
}

/** What "again" means after this ending; null when the same thing would only end the same way. */
export function nextAttempt(run: Run): 'retrain' | 'promote' | null {
  if (run.kind === 'rollback') return null;
  switch (run.outcome) {
    case 'expired':
    case 'superseded':
      return run.version === null ? null : 'promote';
    case 'failed':
    case 'stopped':
      if (run.failure?.code === 'DATASET_INVALID') return null;
      if (run.version !== null) return 'promote';
      return run.kind === 'retrain' && run.dataset !== null ? 'retrain' : null;
    default:
      return null;
  }
}

export function button(actionId: string, label: string, value: string): Button {
  return {
    type: 'button',
    action_id: actionId,
    text: { type: 'plain_text', text: truncate(label, 75), emoji: false },
    value,
  };
}

export function confirmation(asks: {
  title: string;
  text: string;
  yes: string;
  danger?: boolean;
}): ConfirmationDialog {
  return {
    title: { type: 'plain_text', text: truncate(asks.title, 100), emoji: false },
    text: { type: 'plain_text', text: truncate(asks.text, 300), emoji: false },
    confirm: { type: 'plain_text', text: truncate(asks.yes, 30), emoji: false },
    deny: { type: 'plain_text', text: 'Cancel', emoji: false },
    ...(asks.danger ? { style: 'danger' as const } : {}),
  };
}
