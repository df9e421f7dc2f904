import type { Refusal } from '../core/approval.ts';
import type { RegisteredVersion } from '../core/ports.ts';
import { type Approval, hasEnded, type Run, type RunId } from '../core/run.ts';

/**
 * What the bot writes next to an approval in the registry, for people who look there instead of in
 * Slack. The signature distinguishes its notes from typed ones: a note stays when a person changes
 * the approval without writing one.
 */
const SIGNATURE = 'mlops-bot: ';

/** What a person typed next to an approval; null when the note is the bot's own. */
export function typedNote({ approvalNote }: RegisteredVersion): string | null {
  return approvalNote === null || approvalNote.startsWith(SIGNATURE) ? null : approvalNote;
}

export function askedNote(runId: RunId): string {
  return `${SIGNATURE}run ${runId} asks for approval.`;
}

/** `approval` counts the decision and needs more of them. */
export function countedNote({ decisions, quorum }: Approval): string {
  const names = decisions.map(({ by }) => by.name).join(', ');
  return `${SIGNATURE}Counted as ${decisions.length} of ${quorum} approvals (${names}). Set back to pending until the others have decided.`;
}

const APPROVED_WITH =
  'with the buttons in Slack, or in Studio by the users named in studioUsers of';

/** `user` is null for a role without a Studio profile. */
export function unknownUserNote(user: string | null): string {
  const who =
    user === null ? 'This was set without a Studio profile' : `${user} is not named there`;
  return `${SIGNATURE}Set back: approvals are given ${APPROVED_WITH} mlops.config.ts. ${who}.`;
}

export function changedSinceNote(): string {
  return `${SIGNATURE}Set back: the version was changed again before this was read, so it is unclear who set it. Set it again.`;
}

export function notADecisionNote(): string {
  return `${SIGNATURE}Set back to what was decided: “Approved” and “Rejected” are decisions, anything else is not.`;
}

export function refusedNote(refusal: Refusal, run: Run, memberId: string): string {
  return `${SIGNATURE}Not counted: ${reasonOf(refusal, run, memberId)}`;
}

function reasonOf(refusal: Refusal, run: Run, memberId: string): string {
  switch (refusal.kind) {
    case 'run_unknown':
      return 'the run no longer exists.';
    case 'not_waiting':
      return 'approval of this version has not been requested yet.';
    case 'not_an_approver':
      return `${memberId} is not an approver of ${run.model}. User groups do not count in Studio: list the person by id in mlops.config.ts.`;
    case 'own_request':
      return 'you requested this run, so someone else has to decide.';
    case 'out_of_date':
      return `production has changed since. /mlops promote ${run.model} ${run.version} asks again.`;
    case 'already_decided':
      return alreadyDecided(run);
    case 'expired':
      return `the request has expired. /mlops promote ${run.model} ${run.version} asks again.`;
    case 'reason_missing':
      return 'this approval overrides the gate or a change of the data, so it needs a reason: write it as the approval’s comment.';
    case 'digest_changed':
      return 'the request in Slack is about another version. See its card.';
  }
}

function alreadyDecided(run: Run): string {
  const { outcome = null, decisions = [] } = run.approval ?? {};
  if (outcome === 'approved' || outcome === 'rejected') {
    const decisive = decisions.filter((each) => each.outcome === outcome);
    return `already ${outcome} by ${decisive.map(({ by }) => by.name).join(', ')}.`;
  }
  return hasEnded(run)
    ? 'the run has ended.'
    : 'you have already decided; more approvals are needed from others.';
}
