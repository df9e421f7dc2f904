import { refuseDecision } from '../../../pipeline/core/approval.ts';
import type { Pipeline } from '../../../pipeline/core/pipeline.ts';
import type { Actor, Decision, Run } from '../../../pipeline/core/run.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { refused } from '../../blocks/answer.ts';
import { reasonField } from '../../blocks/reason.ts';
import type { Action } from '../../interaction/action.ts';
import type { Bot } from '../../interaction/bot.ts';
import type { Click } from '../../interaction/click.ts';
import type { Reply } from '../../interaction/command.ts';
import type { Form, Submission, Submitted } from '../../interaction/form.ts';
import { countedAnswer } from './decision-messages.ts';
import { overrideModal, overrideModalId } from './override-modal.ts';
import { refusalAnswer } from './refusal.ts';
import { rejectionModal, rejectionModalId } from './rejection-modal.ts';

/** The subject of a decision: the run, and the digest of exactly what was shown. */
export interface DecisionTarget {
  readonly runId: string;
  readonly digest: string;
}

/** Records the decision, redraws the card and returns the answer for the person who decided. */
export async function decide(
  { pipeline, cards }: Pick<Bot, 'pipeline' | 'cards'>,
  decision: Parameters<Pipeline['decide']>[0],
): Promise<Reply> {
  const result = await pipeline.decide(decision);
  await cards.onEvent(decision.runId, { redraw: result.status === 'refused' });
  if (result.status === 'refused') return refusalAnswer(result.refusal, decision.by);
  const { run } = result;
  return { ...countedAnswer(run, decision.outcome), data: { run } };
}

/** The card shows an approval that counted; a private question or the Home tab is updated here. */
async function approve(bot: Bot, click: Click): Promise<void> {
  const target = readTarget(click.value);
  if (target === null) return click.replace(unreadable);
  const memberOf = await bot.people.memberOf(click.actor.id);
  const run = await bot.pipeline.getRun(target.runId);
  if (run !== null && mayOverride(run, { ...target, by: click.actor, memberOf }, bot)) {
    const metadata = JSON.stringify([target.runId, target.digest, click.privateAddress]);
    return click.openModal(overrideModal(run, metadata));
  }
  const reply = await decide(bot, {
    ...target,
    by: click.actor,
    memberOf,
    outcome: 'approved',
    reason: null,
  });
  if (reply.problem !== undefined || click.privateAddress !== null) await click.replace(reply);
  await click.refreshHome();
}

/** Whether only the reason is missing for an approval that overrides the gate. */
function mayOverride(
  run: Run,
  decision: { by: Actor; memberOf: readonly string[]; digest: string },
  { clock }: Pick<Bot, 'clock'>,
): boolean {
  if (run.approval?.reasonRequired !== true) return false;
  return refuseDecision(run, { ...decision, now: clock.now() }) === null;
}

/** Asks for the reason, unless the decision would be refused anyway. */
async function openRejection(bot: Bot, click: Click): Promise<void> {
  const target = readTarget(click.value);
  if (target === null) return click.replace(unreadable);
  const run = await bot.pipeline.getRun(target.runId);
  const refusal =
    run === null
      ? ({ kind: 'run_unknown' } as const)
      : refuseDecision(run, {
          by: click.actor,
          memberOf: await bot.people.memberOf(click.actor.id),
          digest: target.digest,
          now: bot.clock.now(),
        });
  if (refusal === null && run !== null) {
    const metadata = JSON.stringify([target.runId, target.digest, click.privateAddress]);
    return click.openModal(rejectionModal(run, { metadata, reason: partOf(click.value, 2) }));
  }
  await bot.cards.onEvent(target.runId, { redraw: true });
  if (refusal !== null) await click.replace(refusalAnswer(refusal, click.actor));
}

const unreadable = refused(
  'This button is from an older version of the bot.',
  '/mlops approvals lists the open requests.',
);

function readTarget(value: string): DecisionTarget | null {
  const [runId, digest] = [partOf(value, 0), partOf(value, 1)];
  return runId === null || digest === null ? null : { runId, digest };
}

/** One text in the list that a button or form carries; null when there is none. */
function partOf(value: string, index: number): string | null {
  try {
    const part: unknown = (JSON.parse(value) as readonly unknown[])[index];
    return typeof part === 'string' ? part : null;
  } catch {
    return null;
  }
}

/** The buttons that approve and reject. */
export const decideActions: readonly Action[] = [
  { id: actionIds.approve, handle: approve, audit: { command: 'approve' } },
  { id: actionIds.reject, handle: openRejection, audit: { command: 'reject' } },
];

/** The rejection form: it closes, or shows why the decision does not count. */
export const rejectionForm: Form = {
  id: rejectionModalId,
  submit: (bot, submission) => submitReason(bot, submission, 'rejected'),
  audit: { command: 'reject', describe: describeReason },
};

/** The form of an approval that overrides the gate; it does the same. */
export const overrideForm: Form = {
  id: overrideModalId,
  submit: (bot, submission) => submitReason(bot, submission, 'approved'),
  audit: { command: 'approve', describe: describeReason },
};

async function submitReason(
  bot: Bot,
  { actor, metadata, entered }: Submission,
  outcome: Decision['outcome'],
): Promise<Submitted> {
  const reason = entered(reasonField.block);
  if (reason === '') {
    return { kind: 'errors', errors: { [reasonField.block]: 'Say why, in a few words.' } };
  }
  const target = readTarget(metadata);
  if (target === null) return { kind: 'answered', reply: unreadable };
  const memberOf = await bot.people.memberOf(actor.id);
  const reply = await decide(bot, { ...target, by: actor, memberOf, outcome, reason });
  return reply.problem === undefined
    ? { kind: 'closed', reply, privateAddress: partOf(metadata, 2) }
    : { kind: 'answered', reply };
}

function describeReason({ metadata, entered }: Submission): string {
  return `${readTarget(metadata)?.runId ?? ''} ${entered(reasonField.block)}`;
}
