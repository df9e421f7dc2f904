import type { VersionDiff } from '../../pipeline/core/compare-versions.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { count, figure, metricTitles, points } from './format.ts';
import type { ModelFacts } from './message.ts';
import { bold, type Line } from './rich-text.ts';

/** The candidate's score against production's, of a promotion too; empty before the evaluation. */
export function scoreLine(run: Run, facts: ModelFacts): Line {
  const { evaluation } = run;
  const candidate = evaluation?.candidate.metrics[facts.metric];
  if (evaluation === null && facts.diff != null) return comparisonLine(facts.diff, facts.metric);
  if (evaluation === null || candidate === undefined) return [];
  const leftOut = run.verdict?.leftOut;
  const rows = ` on ${count(evaluation.rows)} held-out rows`;
  const production = evaluation.production?.metrics[facts.metric];
  const title = `${metricTitles[facts.metric]} ${figure(candidate)}`;
  if (production === undefined)
    return [bold(title), `${rows}, nothing in production to compare with`];
  const interval = run.verdict?.difference;
  if (leftOut !== undefined) {
    return [
      bold(title),
      rows,
      interval
        ? `, ${points(interval.estimate)} against ${productionName(run)} on the ${count(leftOut.compared)} it was not trained on, 90 % interval ${bare(interval.lower)} to ${bare(interval.upper)}`
        : `, of which ${productionName(run)} was trained on ${count(leftOut.seen)}`,
    ];
  }
  return [
    bold(`${title}, ${points(candidate - production)}`),
    ` against ${productionName(run)} (${figure(production)})${rows}`,
    interval ? `, 90 % interval ${bare(interval.lower)} to ${bare(interval.upper)}` : '',
  ];
}

/** The same for a card: without the interval, which the thread has. */
export function scoreInBrief(run: Run, facts: ModelFacts): Line {
  const { evaluation } = run;
  const candidate = evaluation?.candidate.metrics[facts.metric];
  const production = evaluation?.production?.metrics[facts.metric];
  if (evaluation === null || candidate === undefined || production === undefined) {
    return scoreLine(run, facts);
  }
  const { leftOut, difference } = run.verdict ?? {};
  if (leftOut !== undefined) {
    const change = difference ? `, ${points(difference.estimate)}` : '';
    return [
      bold(`${metricTitles[facts.metric]} ${figure(candidate)}${change}`),
      ` against ${productionName(run)} on the ${count(leftOut.compared)} of ${count(evaluation.rows)} rows it was not trained on`,
    ];
  }
  return [
    bold(`${metricTitles[facts.metric]} ${figure(candidate)}, ${points(candidate - production)}`),
    ` against ${productionName(run)} (${figure(production)}) on the same ${count(evaluation.rows)} rows`,
  ];
}

/** The score of one version against another's, as registered. */
export function comparisonLine(
  { from, metrics, isOnSameRows }: VersionDiff,
  metric: ModelFacts['metric'],
): Line {
  const change = metrics.find(({ name }) => name === metric);
  if (change === undefined || change.from === null || change.to === null) return [];
  const title = `${metricTitles[metric]} ${figure(change.to)}`;
  const against = ` against v${from.version} (${figure(change.from)})`;
  return isOnSameRows
    ? [bold(`${title}, ${points(change.to - change.from)}`), `${against} on the same held-out rows`]
    : [bold(title), `${against}, on different held-out rows, so the two cannot be compared`];
}

/** The candidate's score in one phrase, for confirmation dialogs and notifications. */
export function scorePhrase(run: Run, facts: ModelFacts): string {
  if (run.evaluation === null && facts.diff != null) return diffPhrase(facts.diff, facts.metric);
  const candidate = run.evaluation?.candidate.metrics[facts.metric];
  if (candidate === undefined) return '';
  const production = run.evaluation?.production?.metrics[facts.metric];
  const change = changePhrase(run, production === undefined ? null : candidate - production);
  return `${metricTitles[facts.metric]} ${figure(candidate)}${change}`;
}

/** Rows that production was trained on say nothing of the difference. */
function changePhrase({ verdict }: Run, onAllRows: number | null): string {
  const change = verdict?.leftOut === undefined ? onAllRows : verdict.difference?.estimate;
  return change == null ? '' : ` (${points(change)})`;
}

function diffPhrase({ from, metrics, isOnSameRows }: VersionDiff, metric: ModelFacts['metric']) {
  const change = metrics.find(({ name }) => name === metric);
  if (change === undefined || change.from === null || change.to === null) return '';
  const how = isOnSameRows ? points(change.to - change.from) : 'on different rows';
  return `${metricTitles[metric]} ${figure(change.to)} against ${figure(change.from)} of v${from.version} (${how})`;
}

function productionName(run: Run): string {
  return run.evaluatedAgainst === null ? 'production' : `production v${run.evaluatedAgainst}`;
}

const bare = (difference: number): string => points(difference).replace(' points', '');
