import {
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
import { MOST_REASON_CHARACTERS } from '../../blocks/reason.ts';
import { bold, type Inline, instant, mention } from '../../blocks/rich-text.ts';
import { entry, type ThreadEntry } from '../../blocks/thread-entry.ts';
import { triggerLines } from '../../blocks/trigger.ts';
import { approverNames, decisionLine, decisionText } from '../approval/approval-lines.ts';
import { diffMessage } from '../versions/diff-message.ts';
import { supersededBecause } from './card.ts';
import { datasetEntry } from './dataset-entry.ts';
import { deployedEntry, revertedEntry, watchedEntry } from './deployment-entries.ts';
import { evaluationEntry, verdictEntry } from './evaluation-entries.ts';

/**
 * Everything the thread of a run tells, in order. Entries are only ever added as the run goes on;
 * one that learns more (an interruption that resumed) keeps its key and is edited.
 */
export function thread(run: Run, facts: ModelFacts): readonly ThreadEntry[] {
  return [
    rollbackEntry(run),
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
    revertedEntry(run),
    endedEntry(run),
  ].filter((entry) => entry !== null);
}

/** Who goes back, and all of why. */
function rollbackEntry(run: Run): ThreadEntry | null {
  if (run.kind !== 'rollback') return null;
  const told = `${run.model} goes back to v${run.version}`;
  return entry('rollback', told, ...triggerLines(run, MOST_REASON_CHARACTERS));
}

function interruptionEntry(run: Run, interruption: Interruption, index: number): ThreadEntry {
  const key = `interruption:${index + 1}`;
  const { atStep, at, resumedFromStep, resumedAt } = interruption;
  const happened = `Interrupted at step ${count(atStep)}`;
  const machine = run.training?.spot ? 'The Spot machine was taken back ' : 'The machine was lost ';
  if (resumedAt === null || resumedFromStep === null) {
    return entry(key, `${happened}, will resume`, [
      bold(`${happened}. `),
      machine,
      instant(at),
      '; it resumes from its last checkpoint, or starts over where there is none.',
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
    `Training done${took}`,
    [
      bold(`Training done${took}. `),
      `${plural(steps, 'step')}, ${plural(epochs, 'epoch')}, ${duration(seconds.train)} of training proper.`,
    ],
    [figures.join(' · ')],
    artifact === null
      ? []
      : [`Model archive ${bytes(artifact.bytes)}, SHA-256 ${artifact.sha256.slice(0, 12)}…`],
  );
}

/** What a promotion would change, before anybody is asked. */
function comparisonEntry({ diff }: ModelFacts): ThreadEntry | null {
  return diff == null ? null : { key: 'comparison', ...diffMessage(diff) };
}

/** The one message that mentions who is asked; its text never changes, so it is never edited. */
function approvalEntry(run: Run): ThreadEntry | null {
  const { approval } = run;
  if (approval === null || approval.outcome === 'not_needed') return null;
  const { quorum, expiresAt } = approval;
  const asked = { ...approval, approvers: notified(approval), decisions: [] };
  const isPinged = isSamePeople(approval);
  const what = `${run.model} v${run.version} waits for approval`;
  return entry(
    'approval',
    what,
    [...addressed(asked), `${what}. `],
    [
      quorum > 1
        ? `${quorum} of ${isPinged ? 'you' : 'the approvers'} must approve`
        : `One of ${isPinged ? 'you' : 'the approvers'} can approve or reject`,
      ' with the buttons at the top of this thread',
      ...(expiresAt === null ? ['.'] : [', until ', instant(expiresAt, 'date and time'), '.']),
      approval.selfApproval ? '' : ' Whoever asked for the run cannot approve it.',
    ],
  );
}

/** Who is mentioned may be others than those who decide. */
const notified = (approval: Approval): readonly string[] => approval.notify ?? approval.approvers;

function isSamePeople(approval: Approval): boolean {
  const mentioned = notified(approval);
  return approval.approvers.every((id) => mentioned.includes(id));
}

function addressed(approval: Approval): readonly Inline[] {
  const names = approverNames(approval);
  return names.some((inline) => inline !== '') ? [...names, ': '] : [];
}

function reminderEntry(run: Run): ThreadEntry | null {
  const { approval } = run;
  if (approval?.remindedAt == null) return null;
  const before = approval.decisions.filter(({ at }) => at < (approval.remindedAt ?? at));
  const what = `${run.model} v${run.version} still waits for approval`;
  return entry('reminder', `Reminder: ${what}`, [
    ...addressed({ ...approval, approvers: notified(approval), decisions: before }),
    what,
    ...(approval.expiresAt === null
      ? ['.']
      : [', until ', instant(approval.expiresAt, 'date and time'), '.']),
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
      bold('Nobody approved in time. '),
      'Nothing was deployed; /mlops promote asks again.',
    ]),
  ];
}

/** The end of a run that needs a human, or that no other entry tells. */
function endedEntry(run: Run): ThreadEntry | null {
  if (!hasEnded(run)) return null;
  const whoAsked = run.requestedBy.kind === 'person' ? [mention(run.requestedBy.id), ' '] : [];
  if (run.outcome === 'superseded')
    return entry('ended', 'Out of date', [...whoAsked, supersededBecause]);
  if (run.outcome === 'stopped') {
    const by = run.stopRequestedBy;
    const told = by === null ? 'The run was stopped.' : `Stopped by ${actorName(by)}.`;
    return entry('ended', told, [told]);
  }
  if (run.failure === null || run.deployment?.revertedAt != null) return null;
  const { message: said, hint } = run.failure;
  return entry(
    'ended',
    shown(said, 200),
    [...whoAsked, bold(shown(said, 500))],
    hint === null ? [] : [shown(hint, 400)],
    [`/mlops logs ${run.id} shows the last lines of its job.`],
  );
}
