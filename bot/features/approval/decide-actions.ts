import { refuseDecision } from '../../../pipeline/core/approval.ts';
import type { Pipeline } from '../../../pipeline/core/pipeline.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { refused } from '../../blocks/answer.ts';
import { reasonField } from '../../blocks/reason.ts';
import type { Action } from '../../interaction/action.ts';
import type { Bot } from '../../interaction/bot.ts';
import type { Click } from '../../interaction/click.ts';
import type { Reply } from '../../interaction/command.ts';
import type { Form } from '../../interaction/form.ts';
import { countedAnswer } from './decision-messages.ts';
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
  const reply = await decide(bot, {
    ...target,
    by: click.actor,
    memberOf: await bot.people.memberOf(click.actor.id),
    outcome: 'approved',
    reason: null,
  });
  if (reply.problem !== undefined || click.privateAddress !== null) await click.replace(reply);
  await click.refreshHome();
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
  async submit(bot, { actor, metadata, entered }) {
    const reason = entered(reasonField.block);
    if (reason === '') {
      return { kind: 'errors', errors: { [reasonField.block]: 'Say why, in a few words.' } };
    }
    const target = readTarget(metadata);
    if (target === null) return { kind: 'answered', reply: unreadable };
    const memberOf = await bot.people.memberOf(actor.id);
    const decision = { ...target, by: actor, memberOf, outcome: 'rejected', reason } as const;
    const reply = await decide(bot, decision);
    return reply.problem === undefined
      ? { kind: 'closed', reply, privateAddress: partOf(metadata, 2) }
      : { kind: 'answered', reply };
  },
  audit: {
    command: 'reject',
    describe: ({ metadata, entered }) =>
      `${readTarget(metadata)?.runId ?? ''} ${entered(reasonField.block)}`,
  },
};
