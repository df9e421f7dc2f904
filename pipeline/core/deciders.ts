import { MlopsError } from './errors.ts';
import type { Actor, Approval, Run } from './run.ts';

/** Who has to agree, of a policy or a request. */
type Rule = Pick<Approval, 'approvers' | 'selfApproval' | 'quorum'>;

/** The approvers whose decision on a request of this person would count; groups by their id. */
export function decidersOf(
  { approvers, selfApproval }: Pick<Rule, 'approvers' | 'selfApproval'>,
  requestedBy: Actor,
): readonly string[] {
  if (selfApproval || requestedBy.kind !== 'person') return approvers;
  return approvers.filter((id) => id !== requestedBy.id);
}

/** Ids of user groups, whose members only Slack knows. */
export const isGroup = (id: string): boolean => id.startsWith('S');

/**
 * Why a request of this person could never get its approvals; null when it can, or when that is up to
 * the members of a user group. `members` are the approvers with their groups resolved, if known.
 */
export function whyUndecidable(
  model: string,
  rule: Rule,
  requestedBy: Actor,
  members: readonly string[] = rule.approvers,
): string | null {
  const able = decidersOf({ ...rule, approvers: [...new Set(members)] }, requestedBy);
  if (able.some(isGroup) || able.length >= rule.quorum) return null;
  if (able.length > 0) {
    const can = able.length === 1 ? 'only one person can' : `only ${able.length} people can`;
    return `${model} needs ${rule.quorum} approvals, and ${can} give one.`;
  }
  if (members.length === 0) return `No one is in the user groups that approve ${model}.`;
  return `${requestedBy.name} is the only approver of ${model}, and its policy does not let people approve their own requests.`;
}

/** The same of a run that has asked. */
export function whyRunUndecidable({ model, approval, requestedBy }: Run): string | null {
  return approval === null ? null : whyUndecidable(model, approval, requestedBy);
}

/** What to do about it. */
export const undecidableHint = (model: string): string =>
  `Let somebody else ask, or change models.${model}.approval in mlops.config.ts.`;

/** @throws {MlopsError} `APPROVAL_MISSING` when no one could decide. */
export function requireDecidable(
  ...[model, rule, requestedBy, members]: Parameters<typeof whyUndecidable>
): void {
  const why = whyUndecidable(model, rule, requestedBy, members);
  if (why === null) return;
  throw new MlopsError('APPROVAL_MISSING', why, { hint: undecidableHint(model) });
}
