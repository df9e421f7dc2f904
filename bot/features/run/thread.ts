import { decidersOf, undecidableHint, whyRunUndecidable } from '../../../pipeline/core/deciders.ts';
import {
  type Actor,
  type Approval,
  hasEnded,
  type Interruption,
  type Run,
  stageOf,
} from '../../../pipeline/core/run.ts';
import { actorName } from '../../blocks/actor.ts';
import { shown } from '../../blocks/escape.ts';
import { bytes, count, duration, plural, secondsBetween } from '../../blocks/format.ts';
import type { ModelFacts } from '../../blocks/message.ts';
import { metricTitle } from '../../blocks/metric-title.ts';
import { MAX_REASON_CHARACTERS } from '../../blocks/reason.ts';
import { bold, type Inline, instant, mention } from '../../blocks/rich-text.ts';
import { entry, type ThreadEntry } from '../../blocks/thread-entry.ts';
import { triggerLines } from '../../blocks/trigger.ts';
import { approverNames, decisionLine, decisionText } from '../approval/approval-lines.ts';
import { diffMessage } from '../versions/diff-message.ts';
import { datasetEntry } from './dataset-entry.ts';
import {
  deployedEntry,
  revertedEntry,
  rolledBackEntry,
  stuckEntry,
  watchedEntry,
} from './deployment-entries.ts';
import { evaluationEntry, verdictEntry } from './evaluation-entries.ts';
import { supersededBecause } from './outcome-lines.ts';

/**
 * The entries in the thread of a run, in order. Entries are only added as the run proceeds; one that
 * learns more (an interruption that resumed) keeps its key and is edited.
 */
export function thread(run: Run, facts: ModelFacts): readonly ThreadEntry[] {
  return [
    openingEntry(run),
    datasetEntry(run),
    ...(run.training?.interruptions ?? []).map((each, index) =>
      interruptionEntry(run, each, index),
    ),
    trainedEntry(run),
    evaluationEntry(run, facts),
    verdictEntry(run, facts),
    comparisonEntry(facts),
    approvalEntry(run),
    reminderEntry(run),
    ...decisionEntries(run),
    deployedEntry(run),
    watchedEntry(run),
    stuckEntry(run),
    revertedEntry(run),
    rolledBackEntry(run),
    endedEntry(run),
  ].filter((entry) => entry !== null);
}

/** Who started the rollback or the retirement, with the full reason. */
function openingEntry(run: Run): ThreadEntry | null {
  if (run.kind === 'retire') {
    const text = `Retiring ${run.model}`;
    return entry('retire', text, ...triggerLines(run, MAX_REASON_CHARACTERS));
  }
  if (run.kind !== 'rollback') return null;
  const text = `Rolling ${run.model} back to v${run.version}`;
  return entry('rollback', text, ...triggerLines(run, MAX_REASON_CHARACTERS));
}

function interruptionEntry(run: Run, interruption: Interruption, index: number): ThreadEntry {
  const key = `interruption:${index + 1}`;
  const { atStep, at, resumedFromStep, resumedAt } = interruption;
  const happened = `Interrupted at step ${count(atStep)}`;
  const machine = run.training?.spot
    ? 'The Spot machine was taken away at '
    : 'The machine was lost at ';
  if (resumedAt === null || resumedFromStep === null) {
    return entry(key, `${happened}, will resume`, [
      bold(`${happened}. `),
      machine,
      instant(at),
      '. Training resumes from its last checkpoint, or starts over if there is none.',
    ]);
  }
  const repeated = Math.max(0, atStep - resumedFromStep);
  return entry(
    key,
    `${happened}, resumed from step ${count(resumedFromStep)}`,
    [bold(`${happened}, resumed from step ${count(resumedFromStep)}. `), machine, instant(at), '.'],
    [`${duration(secondsBetween(at, resumedAt))} lost, ${plural(repeated, 'step')} repeated.`],
  );
}

function trainedEntry(run: Run): ThreadEntry | null {
  const { training, artifact } = run;
  if (training?.metrics == null) return null;
  const { steps, epochs, seconds, metrics } = training.metrics;
  const figures = Object.entries(metrics)
    .slice(0, 8)
    .map(([name, value]) => `${metricTitle(name)} ${value.toFixed(3)}`);
  const stage = stageOf(run, 'train');
  const took =
    stage?.startedAt && stage.endedAt
      ? ` in ${duration(secondsBetween(stage.startedAt, stage.endedAt))}`
      : '';
  return entry(
    'trained',
    `Training finished${took}`,
    [
      bold(`Training finished${took}. `),
      `${plural(steps, 'step')}, ${plural(epochs, 'epoch')}, ${duration(seconds.train)} of actual training.`,
    ],
    [figures.join(' · ')],
    artifact === null
      ? []
      : [`Model archive ${bytes(artifact.bytes)}, SHA-256 ${artifact.sha256.slice(0, 12)}…`],
  );
}

/** What a promotion would change, posted before the approvers are asked. */
function comparisonEntry({ diff }: ModelFacts): ThreadEntry | null {
  return diff == null ? null : { key: 'comparison', ...diffMessage(diff) };
}

/** The one message that mentions the people asked; its text never changes, so it is never edited. */
function approvalEntry(run: Run): ThreadEntry | null {
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

function reminderEntry(run: Run): ThreadEntry | null {
  const { approval } = run;
  if (approval?.remindedAt == null) return null;
  const before = approval.decisions.filter(({ at }) => at < (approval.remindedAt ?? at));
  const title = `${run.model} v${run.version} is still waiting for approval`;
  return entry('reminder', `Reminder: ${title}`, [
    ...addressed(
      { ...approval, approvers: notified(approval), decisions: before },
      run.requestedBy,
    ),
    title,
    ...(approval.expiresAt === null
      ? ['.']
      : ['; the request expires ', instant(approval.expiresAt, 'date and time'), '.']),
  ]);
}

function decisionEntries(run: Run): readonly ThreadEntry[] {
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

/** How the run ended, where no other entry says so. */
function endedEntry(run: Run): ThreadEntry | null {
  if (!hasEnded(run)) return null;
  const whoAsked = run.requestedBy.kind === 'person' ? [mention(run.requestedBy.id), ' '] : [];
  if (run.outcome === 'superseded')
    return entry('ended', 'Out of date', [...whoAsked, supersededBecause]);
  if (run.outcome === 'stopped') {
    const by = run.stopRequestedBy;
    const text = by === null ? 'The run was stopped.' : `Stopped by ${actorName(by)}.`;
    return entry('ended', text, [text]);
  }
  if (run.failure === null || run.deployment?.revertedAt != null) return null;
  const { message, hint } = run.failure;
  const hasLog = run.training !== null;
  return entry(
    'ended',
    shown(message, 200),
    [...whoAsked, bold(shown(message, 500))],
    hint === null ? [] : [shown(hint, 400)],
    hasLog && !hint?.includes('/mlops logs')
      ? [`/mlops logs ${run.id} shows the end of its log.`]
      : [],
  );
}
