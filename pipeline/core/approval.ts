import type { ApprovalPolicy } from './config.ts';
import type { VerdictOutcome } from './gate/verdict.ts';
import { type Actor, type Decision, hasEnded, isSameActor, type Run } from './run.ts';

/** What an approval needs under a policy and a verdict. */
export type ApprovalRule =
  | { readonly kind: 'not_needed' }
  | { readonly kind: 'impossible'; readonly reason: string }
  | {
      readonly kind: 'people';
      readonly approvers: readonly string[];
      /** Whom the request mentions. */
      readonly notify: readonly string[];
      readonly quorum: number;
      readonly selfApproval: boolean;
      /** Whether approving overrides the gate and so needs a reason. */
      readonly reasonRequired: boolean;
      readonly remindAfterHours: number;
      readonly expireAfterHours: number;
    };

/** `isAdvisory`: the gate blocks nothing; see `gate.mode`. */
export function approvalRule(
  policy: ApprovalPolicy,
  verdict: VerdictOutcome,
  isAdvisory = false,
): ApprovalRule {
  if (verdict === 'fail' && !(isAdvisory && policy.mode === 'people')) {
    return {
      kind: 'impossible',
      reason: 'The gate blocked this candidate, so it cannot be deployed.',
    };
  }
  if (policy.mode === 'auto') {
    if (verdict === 'pass') return { kind: 'not_needed' };
    const why =
      verdict === 'not_comparable'
        ? 'The gate could not compare it with production'
        : 'The gate was inconclusive';
    return { kind: 'impossible', reason: `${why}, and automatic approval needs a pass.` };
  }
  const quorum =
    verdict === 'pass' ? policy.quorum : (policy.quorumWhenInconclusive ?? policy.quorum);
  const notify = policy.notify ?? policy.approvers;
  const reasonRequired = verdict === 'not_comparable' || verdict === 'fail';
  return { kind: 'people', ...policy, notify, quorum, reasonRequired };
}

/** Why a decision does not count, as data; the bot puts it into words. */
export type Refusal =
  | { readonly kind: 'run_unknown' }
  | { readonly kind: 'not_waiting'; readonly run: Run }
  | { readonly kind: 'not_an_approver'; readonly approvers: readonly string[] }
  | { readonly kind: 'own_request'; readonly run: Run }
  /** Something else went live since, so what was compared no longer holds. */
  | { readonly kind: 'out_of_date'; readonly run: Run; readonly live: number | null }
  | { readonly kind: 'already_decided'; readonly run: Run }
  | { readonly kind: 'expired'; readonly run: Run }
  | { readonly kind: 'digest_changed' }
  /** The approval overrides the gate or a change of the data, so it has to say why. */
  | { readonly kind: 'reason_missing' };

/**
 * Whether `by` may decide on the run at `now`; null means yes. `memberOf` are the ids `by` acts
 * under: the person's own and those of the user groups they are in.
 */
export function refuseDecision(
  run: Run,
  decision: {
    readonly by: Actor;
    readonly memberOf: readonly string[];
    readonly digest: string;
    readonly now: Date;
    /** Left out while it is only asked whether they may decide at all. */
    readonly outcome?: Decision['outcome'];
    readonly reason?: string | null;
  },
): Refusal | null {
  const { approval } = run;
  if (approval === null) return { kind: 'not_waiting', run };
  if (!approval.approvers.some((id) => decision.memberOf.includes(id))) {
    return { kind: 'not_an_approver', approvers: approval.approvers };
  }
  if (approval.outcome === 'expired') return { kind: 'expired', run };
  if (approval.outcome !== null || hasEnded(run)) return { kind: 'already_decided', run };
  if (approval.expiresAt !== null && decision.now >= new Date(approval.expiresAt)) {
    return { kind: 'expired', run };
  }
  const outdated = approval.outdated ?? null;
  if (outdated !== null) return { kind: 'out_of_date', run, live: outdated.live };
  if (approval.digest !== decision.digest) return { kind: 'digest_changed' };
  if (!approval.selfApproval && isSameActor(run.requestedBy, decision.by)) {
    return { kind: 'own_request', run };
  }
  if (approval.decisions.some((earlier) => isSameActor(earlier.by, decision.by))) {
    return { kind: 'already_decided', run };
  }
  const isSilent = decision.reason == null || decision.reason.trim() === '';
  if (approval.reasonRequired === true && decision.outcome === 'approved' && isSilent) {
    return { kind: 'reason_missing' };
  }
  return null;
}

/**
 * Whether the refused decision has already been counted and still holds: decisions made outside
 * Slack arrive as events, which may come twice at once.
 */
export function isRepeatedDecision(
  refusal: Refusal,
  decision: Pick<Decision, 'by' | 'outcome'> & { readonly via?: Decision['via'] },
): boolean {
  if (decision.via === undefined || refusal.kind !== 'already_decided') return false;
  const { outcome = null, decisions = [] } = refusal.run.approval ?? {};
  return (
    (outcome === null || outcome === decision.outcome) &&
    decisions.some(
      (earlier) =>
        isSameActor(earlier.by, decision.by) &&
        earlier.outcome === decision.outcome &&
        earlier.via === decision.via,
    )
  );
}
