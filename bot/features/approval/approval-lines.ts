import { type Approval, type Decision, hasEnded, type Run } from '../../../pipeline/core/run.ts';
import { shown } from '../../blocks/escape.ts';
import { bold, type Inline, instant, italic, type Line, mention } from '../../blocks/rich-text.ts';

/** Most approvers named on a card or in a request; more than that are groups in practice. */
const MOST_NAMED = 10;

/** Who has decided, who is still needed and until when. */
export function approvalLines(run: Run, quiet: boolean): readonly Line[] {
  const { approval } = run;
  if (approval === null) return [];
  const told = approval.decisions.map((decision) => decisionLine(decision, quiet));
  switch (approval.outcome) {
    case 'not_needed':
      return [['Approved by policy: the gate passed.']];
    case 'expired':
      return [
        ...told,
        ['The request expired ', instant(approval.endedAt ?? run.updatedAt, 'date and time'), '.'],
      ];
    case 'approved':
    case 'rejected':
      return told;
    case null:
      return hasEnded(run) ? told : [...told, neededLine(approval, quiet)];
  }
}

export function decisionLine(decision: Decision, quiet = false): Line {
  return [
    ...decider(decision, quiet),
    instant(decision.at, 'date and time'),
    ...(decision.reason === null ? [] : [': ', italic(shown(decision.reason, 300))]),
  ];
}

/** Who decided what and where, for notifications. */
export function decisionText({ by, outcome, via }: Decision): string {
  const verb = outcome === 'approved' ? 'Approved' : 'Rejected';
  return `${verb} by ${shown(by.name, 40)}${via === 'studio' ? ' in SageMaker Studio' : ''}`;
}

/**
 * A Studio user's name need not be one that Slack knows, so the member is mentioned; who did not
 * decide that learns in this way that somebody did in their name.
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
    approval.quorum > 1 ? ` (${approval.decisions.length} of ${approval.quorum} have)` : '';
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

/** The approvers as mentions, which notify where the message is posted (not where it is edited). */
export function approverNames(approval: Approval): readonly Inline[] {
  const decided = new Set(
    approval.decisions.flatMap(({ by }) => (by.kind === 'person' ? [by.id] : [])),
  );
  const asked = approval.approvers.filter((id) => !decided.has(id));
  const rest = asked.length - MOST_NAMED;
  return [
    ...asked
      .slice(0, MOST_NAMED)
      .flatMap((id, index): Inline[] => [index === 0 ? '' : ', ', mention(id)]),
    rest > 0 ? ` and ${rest} more` : '',
  ];
}
