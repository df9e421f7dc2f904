import type { Button, KnownBlock } from '@slack/types';
import type { ModalView } from '@slack/web-api';
import type { Alert } from '../../../pipeline/core/alert/alert.ts';
import type { VersionDiff } from '../../../pipeline/core/compare-versions.ts';
import type { GatePolicy } from '../../../pipeline/core/config.ts';
import type { Instant, Run } from '../../../pipeline/core/run.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { alertHeadline } from '../../blocks/alert-words.ts';
import { button, confirmation } from '../../blocks/button.ts';
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

export const rollbackFormId = 'model.rollback_form';

/** Exactly from one version to another. `requestId` makes it one rollback, however often it is asked for. */
export interface RollbackChoice {
  readonly model: string;
  readonly from: number;
  readonly to: number;
  readonly requestId: string;
  /** A rollback that had failed by then is tried again. */
  readonly askedAt: Instant;
}

/** What a button that opens the form says. */
export type RollbackVersions = Pick<RollbackChoice, 'model' | 'from' | 'to'>;

/** What is known before anything changes. */
export interface RollbackPlan extends RollbackChoice {
  readonly metric: GatePolicy['metric'];
  readonly diff: VersionDiff;
  /** When each answered requests; null where the runs kept do not tell. */
  readonly live: {
    readonly from: { readonly since: Instant };
    readonly to: { readonly since: Instant; readonly until: Instant | null } | null;
  };
  /** What regresses now. */
  readonly alerts: readonly Alert[];
  /** Candidates that wait for people and were compared with what is live now. */
  readonly overtaken: readonly Run[];
  /** The run that does exactly this already. */
  readonly underway: Run | null;
}

const MOST_ALERTS = 3;
const MOST_OVERTAKEN = 3;

/** Asks whether, and why, before anything changes; `reason`: what was typed with the command. */
export function rollbackModal(plan: RollbackPlan, reason: string | null = null): ModalView {
  return {
    type: 'modal',
    callback_id: rollbackFormId,
    private_metadata: choiceValue(plan),
    title: modalText(`Roll back ${plan.model}`),
    submit: modalText(`Roll back to v${plan.to}`),
    close: modalText('Cancel'),
    blocks: [...planBlocks(plan), whyInput(reason)],
  };
}

/** The same where no modal opens; nobody else sees it. */
export function rollbackQuestion(
  plan: RollbackPlan,
  reason: string | null = null,
): Message & { readonly asks: true } {
  const { model, from, to } = plan;
  const asked = message(`Roll ${model} back from v${from} to v${to}?`, [
    ...planBlocks(plan),
    whyInput(reason),
    { type: 'actions', block_id: 'rollback', elements: [rollBackNowButton(plan)] },
  ]);
  return { ...asked, asks: true };
}

function planBlocks(plan: RollbackPlan): readonly KnownBlock[] {
  const { model, from, to, metric, diff } = plan;
  const told: readonly Line[] = [
    [bold(`Roll ${model} back from v${from} to v${to}?`)],
    [
      `v${to} answers again in place of v${from}. The endpoint must repeat the recorded answers of v${to} and is watched again; no approval is asked.`,
    ],
    comparisonLine(diff, metric),
  ];
  const around = [...alertLines(plan), ...overtakenLines(plan)];
  return [
    richText(
      ...told.filter((line) => line.length > 0).map((line) => section(...line)),
      bullets([fromLine(plan), toLine(plan)]),
      ...around.map((line) => section(...line)),
    ),
  ];
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
  return alerts.slice(0, MOST_ALERTS).map((alert) => [alertHeadline(alert)]);
}

function overtakenLines({ overtaken, from }: RollbackPlan): readonly Line[] {
  return overtaken
    .slice(0, MOST_OVERTAKEN)
    .map((run) => [`${headline(run)}. It was compared with v${from}, so it will be out of date.`]);
}

/** Optional, because nothing may stand in the way of going back. */
function whyInput(reason: string | null) {
  return reasonInput({
    hint: 'Shown on the card and in the thread, with your name.',
    placeholder: 'What went wrong, in a few words; may stay empty when there is no time',
    initial: reason,
    isOptional: true,
  });
}

/** Opens the form. */
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
      text: `v${to} answers again in place of v${from}.`,
      yes: 'Roll back',
      danger: true,
    }),
  };
}

const choiceValue = ({ model, from, to, requestId, askedAt }: RollbackChoice): string =>
  JSON.stringify([model, from, to, requestId, askedAt]);

/** The versions a button that opens the form carries; null when the value is not ours. */
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

/** What such a value says, for the audit. */
export function rollbackWords(value: string): string {
  const versions = readRollbackVersions(value);
  return versions === null ? '' : `${versions.model} v${versions.from} → v${versions.to}`;
}

/** The choice a form, or the button in its place, carries; null when the value is not ours. */
export function readRollbackChoice(value: string): RollbackChoice | null {
  const versions = readRollbackVersions(value);
  if (versions === null) return null;
  const [requestId, askedAt] = (JSON.parse(value) as unknown[]).slice(3);
  if (typeof requestId !== 'string' || typeof askedAt !== 'string') return null;
  return { ...versions, requestId, askedAt };
}
