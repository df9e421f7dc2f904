import type { Button, KnownBlock } from '@slack/types';
import type { ModalView } from '@slack/web-api';
import type { Alert } from '../../../pipeline/core/alert/alert.ts';
import type { VersionDiff } from '../../../pipeline/core/compare-versions.ts';
import type { GatePolicy } from '../../../pipeline/core/config.ts';
import type { VersionMark } from '../../../pipeline/core/rollback/version-mark.ts';
import type { Instant, Run } from '../../../pipeline/core/run.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { alertHeadline } from '../../blocks/alert-words.ts';
import { button, confirmation } from '../../blocks/button.ts';
import { shown } from '../../blocks/escape.ts';
import { headline } from '../../blocks/headline.ts';
import { type Message, message } from '../../blocks/message.ts';
import { modalText } from '../../blocks/modal.ts';
import { reasonInput } from '../../blocks/reason.ts';
import {
  bold,
  bullets,
  type Inline,
  instant,
  type Line,
  richText,
  section,
} from '../../blocks/rich-text.ts';
import { comparisonLine } from '../../blocks/scores.ts';
import { doneText } from './rolled-back-text.ts';

export const rollbackFormId = 'model.rollback_form';

/** A rollback between two exact versions; `requestId` makes repeated requests one rollback. */
export interface RollbackChoice {
  readonly model: string;
  readonly from: number;
  readonly to: number;
  readonly requestId: string;
  /** A rollback that had failed by then may be tried again. */
  readonly askedAt: Instant;
}

/** The value of a button that opens the form. */
export type RollbackVersions = Pick<RollbackChoice, 'model' | 'from' | 'to'>;

/** Everything the form shows before anything changes. */
export interface RollbackPlan extends RollbackChoice {
  readonly metric: GatePolicy['metric'];
  readonly diff: VersionDiff;
  /** When each version was live; null where no recorded run shows it. */
  readonly live: {
    readonly from: { readonly since: Instant };
    readonly to: { readonly since: Instant; readonly until: Instant | null } | null;
  };
  /** Open alerts of the model. */
  readonly alerts: readonly Alert[];
  /** What the rollback that put the present version live took out; null when it was approved. */
  readonly rolledBack: VersionMark | null;
  /** Candidates waiting for approval that were compared with what is live now. */
  readonly overtaken: readonly Run[];
  /** A run that is already doing exactly this. */
  readonly underway: Run | null;
}

const MAX_ALERTS = 3;
const MAX_OVERTAKEN = 3;

/** Asks for confirmation and a reason; `reason` is what was typed with the command. */
export function rollbackModal(plan: RollbackPlan, reason: string | null = null): ModalView {
  return {
    type: 'modal',
    callback_id: rollbackFormId,
    private_metadata: choiceValue(plan),
    title: modalText(`Roll back ${plan.model}`),
    submit: modalText(`Roll back to v${plan.to}`),
    close: modalText('Cancel'),
    blocks: [...planBlocks(plan), rollbackReasonInput(reason)],
  };
}

/** The same as a private message, where no modal opens. */
export function rollbackQuestion(
  plan: RollbackPlan,
  reason: string | null = null,
): Message & { readonly asks: true } {
  const { model, from, to } = plan;
  const asked = message(`Roll ${model} back from v${from} to v${to}?`, [
    ...planBlocks(plan),
    rollbackReasonInput(reason),
    { type: 'actions', block_id: 'rollback', elements: [rollBackNowButton(plan)] },
  ]);
  return { ...asked, asks: true };
}

function planBlocks(plan: RollbackPlan): readonly KnownBlock[] {
  const { model, from, to, metric, diff } = plan;
  const summary: readonly Line[] = [
    [bold(`Roll ${model} back from v${from} to v${to}?`)],
    plan.rolledBack === null ? [] : recentLine(plan.rolledBack, plan.askedAt),
    [
      `v${to} replaces v${from} in production. The endpoint must reproduce the recorded predictions of v${to} and is then watched. No approval is needed.`,
    ],
    comparisonLine(diff, metric),
  ];
  const consequences = [...alertLines(plan), ...overtakenLines(plan)];
  return [
    richText(
      ...summary.filter((line) => line.length > 0).map((line) => section(...line)),
      bullets([fromLine(plan), toLine(plan)]),
      ...consequences.map((line) => section(...line)),
    ),
  ];
}

/** Another rollback came before this one: perhaps all is done already. */
function recentLine(mark: VersionMark, now: Instant): Line {
  return [bold('⚠️ '), shown(doneText(mark, new Date(now)), 500)];
}

function fromLine({ from, diff, live }: RollbackPlan): Line {
  return [
    bold(`v${from}`),
    ' live since ',
    instant(live.from.since, 'date and time'),
    ...registered(diff.from.createdAt),
  ];
}

function toLine({ to, diff, live }: RollbackPlan): Line {
  if (live.to === null) return [bold(`v${to}`), ' live before', ...registered(diff.to.createdAt)];
  const { since, until } = live.to;
  return [
    bold(`v${to}`),
    ' live from ',
    instant(since, 'date and time'),
    ...(until === null ? [] : [' until ', instant(until, 'date and time')]),
    ...registered(diff.to.createdAt),
  ];
}

const registered = (at: Instant): readonly Inline[] => [
  ', registered ',
  instant(at, 'date and time'),
];

function alertLines({ alerts }: RollbackPlan): readonly Line[] {
  return alerts.slice(0, MAX_ALERTS).map((alert) => [alertHeadline(alert)]);
}

function overtakenLines({ overtaken, from }: RollbackPlan): readonly Line[] {
  return overtaken
    .slice(0, MAX_OVERTAKEN)
    .map((run) => [
      `${headline(run)}. It was compared with v${from}, so the rollback makes it out of date.`,
    ]);
}

/** Optional, so that nothing delays a rollback. */
function rollbackReasonInput(reason: string | null) {
  return reasonInput({
    hint: 'Shown on the card and in the thread, with your name.',
    placeholder: 'What went wrong, in a few words',
    initial: reason,
    isOptional: true,
  });
}

/** The button that opens the form. */
export function rollbackButton(choice: RollbackVersions): Button {
  const { model, from, to } = choice;
  return {
    ...button(actionIds.rollBackModel, `Roll back to v${to}`, JSON.stringify([model, from, to])),
    style: 'danger',
  };
}

function rollBackNowButton(choice: RollbackChoice): Button {
  const { model, from, to } = choice;
  return {
    ...button(actionIds.rollBackNow, `Roll back to v${to}`, choiceValue(choice)),
    style: 'danger',
    confirm: confirmation({
      title: `Roll back ${model}?`,
      text: `v${to} replaces v${from} in production.`,
      yes: 'Roll back',
      danger: true,
    }),
  };
}

const choiceValue = ({ model, from, to, requestId, askedAt }: RollbackChoice): string =>
  JSON.stringify([model, from, to, requestId, askedAt]);

/** The versions in the value of a button that opens the form; null when the value is not ours. */
export function readRollbackVersions(value: string): RollbackVersions | null {
  try {
    const [model, from, to] = JSON.parse(value) as unknown[];
    if (typeof model !== 'string') return null;
    if (!Number.isInteger(from) || !Number.isInteger(to)) return null;
    return { model, from: Number(from), to: Number(to) };
  } catch {
    return null;
  }
}

/** Such a value in words, for the audit log. */
export function rollbackWords(value: string): string {
  const versions = readRollbackVersions(value);
  return versions === null ? '' : `${versions.model} v${versions.from} → v${versions.to}`;
}

/** The choice that a form or its replacement button carries; null when the value is not ours. */
export function readRollbackChoice(value: string): RollbackChoice | null {
  const versions = readRollbackVersions(value);
  if (versions === null) return null;
  const [requestId, askedAt] = (JSON.parse(value) as unknown[]).slice(3);
  if (typeof requestId !== 'string' || typeof askedAt !== 'string') return null;
  return { ...versions, requestId, askedAt };
}
