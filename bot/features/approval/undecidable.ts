import { approvalRule } from '../../../pipeline/core/approval.ts';
import { isGroup, undecidableHint, whyUndecidable } from '../../../pipeline/core/deciders.ts';
import type { VerdictOutcome } from '../../../pipeline/core/gate/verdict.ts';
import type { Actor } from '../../../pipeline/core/run.ts';
import type { CommandTools } from '../../interaction/command.ts';

/** What is known before a run asks: the model, its verdict so far, and who asks. */
interface Question {
  readonly model: string;
  readonly verdict: VerdictOutcome;
  readonly requestedBy: Actor;
}

/**
 * Why a request could never get its approvals, and what to do, as two sentences; null when it can.
 * User groups are resolved where Slack can be asked.
 */
export async function undecidable(
  { config, people }: Pick<CommandTools, 'config' | 'people'>,
  { model, verdict, requestedBy }: Question,
): Promise<readonly [why: string, hint: string] | null> {
  const policy = config.models[model]?.approval;
  const rule = policy === undefined ? null : approvalRule(policy, verdict);
  if (rule?.kind !== 'people') return null;
  const hasGroup = rule.approvers.some(isGroup);
  const members = hasGroup ? ((await people?.membersOf(rule.approvers)) ?? undefined) : undefined;
  const why = whyUndecidable(model, rule, requestedBy, members);
  return why === null ? null : [why, undecidableHint(model)];
}
