import { decidersOf, undecidableHint, whyRunUndecidable } from '../../../pipeline/core/deciders.ts';
import {
  type Actor,
  type Approval,
  type Decision,
  hasEnded,
  isSameActor,
  type Run,
} from '../../../pipeline/core/run.ts';
import { actorName } from '../../blocks/actor.ts';
import { shown } from '../../blocks/escape.ts';
import { capitalised } from '../../blocks/format.ts';
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
      return hasEnded(run) ? decisionLines : [...decisionLines, ...openLines(run, approval, quiet)];
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

function openLines(run: Run, approval: Approval, quiet: boolean): readonly Line[] {
  if (approval.outdated != null) return [[bold('Out of date: '), outdatedText(run)]];
  const why = whyRunUndecidable(run);
  if (why === null) return [...handedOverLines(approval), neededLine(run, approval, quiet)];
  return [
    [bold('No one can approve this. '), shown(why, 300)],
    [`Stop ends it. ${undecidableHint(run.model)}`],
  ];
}

/** What went live since the approvers were asked. */
export function outdatedText({ approval, evaluatedAgainst }: Run): string {
  const live = approval?.outdated?.live ?? null;
  const now = live === null ? 'nothing is live now' : `v${live} is live now`;
  return evaluatedAgainst === null
    ? `${now}, and nothing was when approval was requested.`
    : `${now}, and this was compared with v${evaluatedAgainst}.`;
}

/** Whom somebody asked last. */
function handedOverLines({ handedOver = [], decisions }: Approval): readonly Line[] {
  const last = handedOver.at(-1);
  if (last === undefined || decisions.some(({ by }) => isSameActor(by, last.to))) return [];
  return [[`${capitalised(actorName(last.by))} asked ${actorName(last.to)} to decide.`]];
}

function neededLine(run: Run, approval: Approval, quiet: boolean): Line {
  const missing = approval.quorum - approval.decisions.length;
  const progress =
    approval.quorum > 1 ? ` (${approval.decisions.length} of ${approval.quorum} given)` : '';
  return [
    bold(missing === 1 ? 'Needs one approval' : `Needs ${missing} approvals`),
    progress,
    quiet ? '' : ' from ',
    ...(quiet ? [] : approverNames(approval, run.requestedBy)),
    ...(approval.expiresAt === null
      ? []
      : [' until ', instant(approval.expiresAt, 'date and time')]),
  ];
}

/** The approvers who can still decide, as mentions, which notify on posting, not on editing. */
export function approverNames(approval: Approval, requestedBy: Actor): readonly Inline[] {
  const decided = new Set(
    approval.decisions.flatMap(({ by }) => (by.kind === 'person' ? [by.id] : [])),
  );
  const asked = decidersOf(approval, requestedBy).filter((id) => !decided.has(id));
  const rest = asked.length - MAX_NAMED;
  return [
    ...asked
      .slice(0, MAX_NAMED)
      .flatMap((id, index): Inline[] => [index === 0 ? '' : ', ', mention(id)]),
    rest > 0 ? ` and ${rest} more` : '',
  ];
}
