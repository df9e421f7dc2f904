import { isBlocking } from '../../../pipeline/core/gate/verdict.ts';
import { hasEnded, type Run } from '../../../pipeline/core/run.ts';
import { baselineInBrief } from '../../blocks/baseline-line.ts';
import { dataLines, isStoppedByData } from '../../blocks/data-lines.ts';
import { shown } from '../../blocks/escape.ts';
import { gateLine, verdictName } from '../../blocks/gate-line.ts';
import { isWaitingForApproval } from '../../blocks/headline.ts';
import type { ModelFacts } from '../../blocks/message.ts';
import { lineText } from '../../blocks/plain-text.ts';
import { italic, type Line } from '../../blocks/rich-text.ts';
import { scoreInBrief } from '../../blocks/scores.ts';
import { differenceLine, leftOutLine, openingLine } from '../../blocks/trigger.ts';
import { approvalLines } from '../approval/approval-lines.ts';
import { outcomeLines } from './outcome-lines.ts';
import { liftedLine, productionLine } from './production-line.ts';
import { progressLine } from './progress.ts';

/** What a card says below its headline, which is the state. Empty lines are left out. */
export interface CardLines {
  /** How good the candidate is against production; before it is scored, how far the run has come. */
  readonly score: Line;
  /** What a decision must not miss; empty as a rule. */
  readonly warnings: readonly Line[];
  /** Who must act, or how it ended. */
  readonly next: Line;
}

/** The lines of a card; `quiet` leaves mentions out. */
export function cardLines(run: Run, facts: ModelFacts, quiet: boolean): CardLines {
  const gate = isUnsettled(run) && run.verdict?.outcome !== 'pass' ? gateLine(run) : [];
  const score = scoreInBrief(run, facts);
  const baseline = isUnsettled(run) ? baselineInBrief(run, facts) : { brief: [], warning: [] };
  const start = startLine(run);
  const ahead =
    score.length > 0
      ? [...withVerdict(score, gate.length > 0 ? null : run), ...baseline.brief]
      : progressLine(run);
  const what = ahead.length > 0 ? ahead : start;
  const next = hasEnded(run) ? endingLine(run, quiet) : nextLine(run, quiet);
  return {
    score: what,
    warnings: [gate, baseline.warning, ...dataWarnings(run)],
    next:
      what === start || (run.kind === 'retrain' && next.length > 0) ? next : joined([start, next]),
  };
}

function withVerdict(score: Line, run: Run | null): Line {
  return run?.verdict == null ? score : [...score, ` · Gate: ${verdictName(run.verdict)}`];
}

/** A warning can still change a decision, or explains why there was none. */
function isUnsettled(run: Run): boolean {
  const isOpen = !hasEnded(run) && (run.approval === null || isWaitingForApproval(run));
  return isOpen || isBlocking(run.verdict);
}

function dataWarnings(run: Run): readonly Line[] {
  if (!isUnsettled(run)) return [];
  return [
    leftOutLine(run),
    isStoppedByData(run) ? [] : inOneLine(dataLines(run, 1)),
    differenceLine(run),
  ];
}

/** Who or what started the run; why, where that is not about data. */
function startLine(run: Run): Line {
  const reason = run.kind === 'retrain' ? '' : shown(run.reason ?? '', 200);
  return [...openingLine(run, true), ...(reason === '' ? [] : [': ', italic(reason)])];
}

function nextLine(run: Run, quiet: boolean): Line {
  const problems = outcomeLines(run);
  if (problems.length > 0) return joined(problems);
  const isLive = run.deployment?.verifiedAt != null;
  return joined([isLive ? productionLine(run) : [], ...approvalLines(run, quiet)]);
}

function endingLine(run: Run, quiet: boolean): Line {
  const isLive = run.outcome === 'deployed';
  return joined([
    ...outcomeLines(run),
    isLive ? productionLine(run) : [],
    ...approvalLines(run, quiet),
    isLive ? [] : productionLine(run),
    liftedLine(run),
  ]);
}

/** The first difference, and in brackets how many more there are. */
function inOneLine([first = [], ...rest]: readonly Line[]): Line {
  return rest.length === 0 ? first : [...first, ' (', ...rest.flat(), ')'];
}

/** Several short lines as one paragraph. */
function joined(all: readonly Line[]): Line {
  const parts = all.filter((line) => line.length > 0);
  return parts.flatMap((line, index) => {
    const before = parts[index - 1];
    return before === undefined ? line : [isSentence(before) ? ' ' : ' · ', ...line];
  });
}

const isSentence = (line: Line): boolean => /[.!?]$/.test(lineText(line));
