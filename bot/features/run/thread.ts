import { hasEnded, type Interruption, type Run, stageOf } from '../../../pipeline/core/run.ts';
import { actorName } from '../../blocks/actor.ts';
import { shown } from '../../blocks/escape.ts';
import { bytes, count, duration, plural, secondsBetween } from '../../blocks/format.ts';
import type { ModelFacts } from '../../blocks/message.ts';
import { metricTitle } from '../../blocks/metric-title.ts';
import { MAX_REASON_CHARACTERS } from '../../blocks/reason.ts';
import { bold, instant, mention } from '../../blocks/rich-text.ts';
import { entry, type ThreadEntry } from '../../blocks/thread-entry.ts';
import { triggerLines } from '../../blocks/trigger.ts';
import { diffMessage } from '../versions/diff-message.ts';
import {
  approvalEntry,
  askedReminderEntry,
  decisionEntries,
  handOverEntries,
  reminderEntry,
  snoozeEntries,
} from './approval-entries.ts';
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
import { textReadWords } from './text-read-words.ts';

/**
 * The entries in the thread of a run, in order. Entries are only added as the run proceeds, except
 * that a reminder takes the place of the one before; one that learns more (an interruption that
 * resumed) keeps its key and is edited.
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
    askedReminderEntry(run),
    ...handOverEntries(run),
    ...snoozeEntries(run),
    ...decisionEntries(run),
    deployedEntry(run, facts),
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
  const { steps, epochs, bestEpoch = epochs, seconds, metrics, textRead } = training.metrics;
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
      bestEpoch < epochs ? ` Epoch ${bestEpoch} was the best and is the model.` : '',
    ],
    textRead === undefined ? [] : [textReadWords(textRead)],
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
