import { refuseDecision } from '../../pipeline/core/approval.ts';
import type { DecisionResult } from '../../pipeline/core/pipeline.ts';
import type { Actor } from '../../pipeline/core/run.ts';
import type { Bot } from '../bot.ts';
import { refused } from '../messages/answer.ts';
import type { Message } from '../messages/message.ts';
import { rejectionModal } from '../messages/modals.ts';
import { refusalAnswer } from '../messages/refusal.ts';
import type { Click } from './click.ts';

/** What is decided about: the run, and the digest of exactly what was shown. */
export interface DecisionTarget {
  readonly runId: string;
  readonly digest: string;
}

export async function approve(bot: Bot, click: Click): Promise<void> {
  const target = readTarget(click.value);
  if (target === null) return click.answer(unreadable);
  const result = await bot.pipeline.decide({
    ...target,
    by: click.actor,
    memberOf: await bot.people.memberOf(click.actor.id),
    outcome: 'approved',
    reason: null,
  });
  await bot.cards.onEvent(target.runId, { redraw: result.status === 'refused' });
  if (result.status === 'refused') await click.answer(refusalAnswer(result.refusal, click.actor));
}

/** Asks for the reason, unless the decision would be refused anyway. */
export async function openRejection(bot: Bot, click: Click): Promise<void> {
  const target = readTarget(click.value);
  if (target === null) return click.answer(unreadable);
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
  if (refusal === null && run !== null) return click.openModal(rejectionModal(run, target));
  await bot.cards.onEvent(target.runId, { redraw: true });
  if (refusal !== null) await click.answer(refusalAnswer(refusal, click.actor));
}

/** Null when the rejection counts; otherwise why it does not. */
export async function submitRejection(
  bot: Bot,
  submitted: { actor: Actor & { kind: 'person' }; metadata: string; reason: string },
): Promise<Message | null> {
  const target = readTarget(submitted.metadata);
  if (target === null) return unreadable;
  const result: DecisionResult = await bot.pipeline.decide({
    ...target,
    by: submitted.actor,
    memberOf: await bot.people.memberOf(submitted.actor.id),
    outcome: 'rejected',
    reason: submitted.reason,
  });
  await bot.cards.onEvent(target.runId, { redraw: result.status === 'refused' });
  return result.status === 'refused' ? refusalAnswer(result.refusal, submitted.actor) : null;
}

const unreadable = refused(
  'This button is from an older version of the bot.',
  '/mlops approvals lists what waits.',
);

function readTarget(value: string): DecisionTarget | null {
  try {
    const [runId, digest] = JSON.parse(value) as unknown[];
    return typeof runId === 'string' && typeof digest === 'string' ? { runId, digest } : null;
  } catch {
    return null;
  }
}
