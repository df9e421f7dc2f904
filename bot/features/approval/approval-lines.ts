import { type Approval, type Decision, hasEnded, type Run } from '../../../pipeline/core/run.ts';
import { shown } from '../../blocks/escape.ts';
import { bold, type Inline, instant, italic, type Line, mention } from '../../blocks/rich-text.ts';

/** Most approvers named on a card or in a request; larger teams use user groups in practice. */
const MAX_NAMED = 10;

/** Who has decided, who is still needed, and the deadline; `quiet` leaves mentions out. */
export function approvalLines(run: Run, quiet: boolean): readonly Line[] {
  const { approval } = run;
  if (approval === null) return [];
  const decisionLines = approval.decisions.map((decision) => decisionLine(decision, quiet));
  switch (approval.outcome) {
    case 'not_needed':
      return [['Approved by policy: the gate passed.']];
    case 'expired':
      return [
        ...decisionLines,
        ['The request expired ', instant(approval.endedAt ?? run.updatedAt, 'date and time'), '.'],
      ];
    case 'approved':
    case 'rejected':
      return decisionLines;
    case null:
      return hasEnded(run) ? decisionLines : [...decisionLines, neededLine(approval, quiet)];
  }
}

/** A decision with its time and reason. */
export function decisionLine(decision: Decision, quiet = false): Line {
  const reason = shown(decision.reason ?? '', 300);
  return [
    ...decider(decision, quiet),
    instant(decision.at, 'date and time'),
    ...(reason === '' ? [] : [': ', italic(reason)]),
  ];
}

/** Who decided what and where, as plain text for notifications. */
export function decisionText({ by, outcome, via }: Decision): string {
  const verb = outcome === 'approved' ? 'Approved' : 'Rejected';
  return `${verb} by ${shown(by.name, 40)}${via === 'studio' ? ' in SageMaker Studio' : ''}`;
}

/**
 * Slack may not know a Studio user's name, so the Slack member is mentioned; this also tells that
 * member when someone else decided in their name.
 */
function decider(decision: Decision, quiet: boolean): Line {
  const { by, outcome, via } = decision;
  if (via === undefined || by.kind !== 'person' || quiet)
    return [bold(`${decisionText(decision)} `)];
  const verb = outcome === 'approved' ? 'Approved' : 'Rejected';
  return [bold(`${verb} by `), mention(by.id), bold(' in SageMaker Studio ')];
}

function neededLine(approval: Approval, quiet: boolean): Line {
  const missing = approval.quorum - approval.decisions.length;
  const progress =
    approval.quorum > 1 ? ` (${approval.decisions.length} of ${approval.quorum} given)` : '';
  return [
    bold(missing === 1 ? 'Needs one approval' : `Needs ${missing} approvals`),
    progress,
    quiet ? '' : ' from ',
    ...(quiet ? [] : approverNames(approval)),
    ...(approval.expiresAt === null
      ? []
      : [' until ', instant(approval.expiresAt, 'date and time')]),
  ];
}

/** The undecided approvers as mentions, which notify on posting, not on editing. */
export function approverNames(approval: Approval): readonly Inline[] {
  const decided = new Set(
    approval.decisions.flatMap(({ by }) => (by.kind === 'person' ? [by.id] : [])),
  );
  const asked = approval.approvers.filter((id) => !decided.has(id));
  const rest = asked.length - MAX_NAMED;
  return [
    ...asked
      .slice(0, MAX_NAMED)
      .flatMap((id, index): Inline[] => [index === 0 ? '' : ', ', mention(id)]),
    rest > 0 ? ` and ${rest} more` : '',
  ];
}
