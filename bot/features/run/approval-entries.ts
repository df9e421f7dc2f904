import { decidersOf, undecidableHint, whyRunUndecidable } from '../../../pipeline/core/deciders.ts';
import type { Actor, Approval, Instant, Run } from '../../../pipeline/core/run.ts';
import { actorName } from '../../blocks/actor.ts';
import { shown } from '../../blocks/escape.ts';
import { capitalised } from '../../blocks/format.ts';
import { bold, type Inline, instant, mention } from '../../blocks/rich-text.ts';
import { entry, type ThreadEntry } from '../../blocks/thread-entry.ts';
import { approverNames, decisionLine, decisionText } from '../approval/approval-lines.ts';

/** The one message that mentions the people asked; its text never changes, so it is never edited. */
export function approvalEntry(run: Run): ThreadEntry | null {
  const { approval } = run;
  if (approval === null || approval.outcome === 'not_needed') return null;
  const why = whyRunUndecidable(run);
  if (why !== null) return undecidableEntry(run, why);
  const { expiresAt, selfApproval } = approval;
  const asked = { ...approval, approvers: notified(approval), decisions: [] };
  const isRequesterExcluded = !selfApproval && run.requestedBy.kind === 'person';
  const title = `${run.model} v${run.version} is waiting for approval`;
  return entry(
    'approval',
    title,
    [...addressed(asked, run.requestedBy), `${title}.`],
    [
      `${whoDecides(approval, run.requestedBy)} with the buttons at the top of this thread`,
      ...(expiresAt === null ? ['.'] : [', until ', instant(expiresAt, 'date and time'), '.']),
      isRequesterExcluded ? ' The person who started this run cannot approve it.' : '',
    ],
  );
}

/** Asks whoever started the run to act, because no one else can. */
function undecidableEntry(run: Run, why: string): ThreadEntry {
  const { model, version, requestedBy } = run;
  const title = `No one can approve ${model} v${version}`;
  const whoAsked = requestedBy.kind === 'person' ? [mention(requestedBy.id), ' '] : [];
  return entry(
    'approval',
    title,
    [...whoAsked, bold(`${title}. `), shown(why, 400)],
    [`/mlops stop ${run.id} ends the run. ${undecidableHint(model)}`],
  );
}

/** The people mentioned, who need not be the approvers. */
const notified = (approval: Approval): readonly string[] => approval.notify ?? approval.approvers;

/** Addresses the approvers as “you” only when the message mentions all of them. */
function whoDecides(approval: Approval, requestedBy: Actor): string {
  const { quorum } = approval;
  const approvers = decidersOf(approval, requestedBy);
  const mentioned = notified(approval);
  const group = approvers.every((id) => mentioned.includes(id)) ? 'you' : 'the approvers';
  if (quorum > 1) return `${quorum} of ${group} must approve`;
  const isOnePerson = approvers.length === 1 && approvers[0]?.startsWith('S') === false;
  return isOnePerson && group === 'you'
    ? 'You can approve or reject it'
    : `One of ${group} can approve or reject it`;
}

function addressed(approval: Approval, requestedBy: Actor): readonly Inline[] {
  const names = approverNames(approval, requestedBy);
  return names.some((inline) => inline !== '') ? [...names, ': '] : [];
}

/** The reminder that comes by itself. */
export function reminderEntry(run: Run): ThreadEntry | null {
  const { approval } = run;
  if (approval?.remindedAt == null) return null;
  return reminderAt(run, approval, { key: 'reminder', at: approval.remindedAt });
}

/** The reminder a person asked for last: the record keeps that one, the thread has those before. */
export function askedReminderEntry(run: Run): ThreadEntry | null {
  const { approval } = run;
  if (approval?.reminder === undefined) return null;
  const { by, at, count } = approval.reminder;
  return reminderAt(run, approval, { key: `reminder:${count}`, at, by });
}

/** Mentions those who had not decided at that time. */
function reminderAt(
  run: Run,
  approval: Approval,
  { key, at, by }: { readonly key: string; readonly at: Instant; readonly by?: Actor },
): ThreadEntry {
  const decisions = approval.decisions.filter((each) => each.at < at);
  const asked = { ...approval, approvers: notified(approval), decisions };
  const title = `${run.model} v${run.version} is still waiting for approval`;
  return entry(key, `Reminder: ${title}`, [
    ...addressed(asked, run.requestedBy),
    title,
    ...(approval.expiresAt === null
      ? ['.']
      : ['; the request expires ', instant(approval.expiresAt, 'date and time'), '.']),
    by === undefined ? '' : ` ${capitalised(actorName(by))} asked for this reminder.`,
  ]);
}

/** Mentions each person that somebody asked to decide. */
export function handOverEntries({ approval, model, version }: Run): readonly ThreadEntry[] {
  return (approval?.handedOver ?? []).map(({ by, to }, index) => {
    const asks = `${capitalised(actorName(by))} asks`;
    const what = `to decide on ${model} v${version}`;
    return entry(`handover:${index + 1}`, `${asks} ${actorName(to)} ${what}`, [
      mention(to.id),
      `: ${asks} you ${what}.`,
    ]);
  });
}

/** Mentions each person whose own reminder was due. */
export function snoozeEntries(run: Run): readonly ThreadEntry[] {
  const { approval, model, version } = run;
  const title = `${model} v${version} was still waiting for approval`;
  return (approval?.snoozes ?? []).flatMap(({ by, remindedAt }, index) => {
    const isStale = remindedAt === null || (approval?.outdated ?? null) !== null;
    if (isStale) return [];
    return [
      entry(`snooze:${index + 1}`, `The reminder ${actorName(by)} asked for: ${title}`, [
        mention(by.id),
        `: you asked to be reminded. ${title} `,
        instant(remindedAt, 'date and time'),
        '.',
      ]),
    ];
  });
}

/** Each decision, or that there was none in time. */
export function decisionEntries(run: Run): readonly ThreadEntry[] {
  const { approval } = run;
  if (approval === null) return [];
  const decided = approval.decisions.map((decision, index) =>
    entry(`decision:${index + 1}`, decisionText(decision), decisionLine(decision)),
  );
  if (approval.outcome !== 'expired') return decided;
  return [
    ...decided,
    entry('expired', 'The approval request expired', [
      bold('The approval request expired. '),
      `Nothing was deployed. /mlops promote ${run.model} ${run.version} asks again.`,
    ]),
  ];
}
