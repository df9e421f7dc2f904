import { refuseDecision } from '../../../pipeline/core/approval.ts';
import type { Pipeline } from '../../../pipeline/core/pipeline.ts';
import { refused } from '../../blocks/answer.ts';
import { rejectionModal } from '../../blocks/modal.ts';
import type { Bot } from '../../interaction/bot.ts';
import type { Click } from '../../interaction/click.ts';
import type { Reply } from '../../interaction/command.ts';
import { publishHome } from '../home/home-actions.ts';
import { countedAnswer } from './decision-messages.ts';
import { refusalAnswer } from './refusal.ts';

/** What is decided about: the run, and the digest of exactly what was shown. */
export interface DecisionTarget {
  readonly runId: string;
  readonly digest: string;
}

/** Decides, redraws the card at once, and says what came of it. */
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

/** A counted approval shows on the card; elsewhere its question, or the Home tab, says so. */
export async function approve(bot: Bot, click: Click): Promise<void> {
  const target = readTarget(click.value);
  if (target === null) return click.replace(unreadable);
  const told = await decide(bot, {
    ...target,
    by: click.actor,
    memberOf: await bot.people.memberOf(click.actor.id),
    outcome: 'approved',
    reason: null,
  });
  if (told.problem !== undefined || click.privateAddress !== null) await click.replace(told);
  if (click.isInHome) await publishHome(bot, click.actor.id);
}

/** Asks for the reason, unless the decision would be refused anyway. */
export async function openRejection(bot: Bot, click: Click): Promise<void> {
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

/** What came back with a submitted rejection. */
export interface RejectionForm {
  readonly target: DecisionTarget;
  /** The private message whose button opened the form; null for a card. */
  readonly privateAddress: string | null;
}

/** Null when the form is not ours. */
export function readRejectionForm(metadata: string): RejectionForm | null {
  const target = readTarget(metadata);
  return target === null ? null : { target, privateAddress: partOf(metadata, 2) };
}

/** What came of the submitted rejection. */
export async function submitRejection(
  bot: Bot,
  submitted: { actor: Click['actor']; form: RejectionForm | null; reason: string },
): Promise<Reply> {
  const { actor, form, reason } = submitted;
  if (form === null) return unreadable;
  return decide(bot, {
    ...form.target,
    by: actor,
    memberOf: await bot.people.memberOf(actor.id),
    outcome: 'rejected',
    reason,
  });
}

const unreadable = refused(
  'This button is from an older version of the bot.',
  '/mlops approvals lists what waits.',
);

function readTarget(value: string): DecisionTarget | null {
  const [runId, digest] = [partOf(value, 0), partOf(value, 1)];
  return runId === null || digest === null ? null : { runId, digest };
}

/** One text of the list a button or form carries; null when there is none. */
function partOf(value: string, index: number): string | null {
  try {
    const part: unknown = (JSON.parse(value) as readonly unknown[])[index];
    return typeof part === 'string' ? part : null;
  } catch {
    return null;
  }
}
