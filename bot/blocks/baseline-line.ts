import { standingOf } from '../../pipeline/core/baseline.ts';
import { costOf } from '../../pipeline/core/pricing.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { shown } from './escape.ts';
import { count, duration, figure, points } from './format.ts';
import type { ModelFacts } from './message.ts';
import { about } from './money.ts';
import type { Line } from './rich-text.ts';

/**
 * What a model fitted in seconds scores on the same rows and, unless the candidate is proven to be
 * better, that it is not. Empty where none was asked for.
 */
export function baselineLine(run: Run, { metric }: Pick<ModelFacts, 'metric'>): Line {
  const baseline = run.evaluation?.baseline;
  if (baseline === undefined) return [];
  const name = shown(baseline.name, 60);
  if (baseline.reason !== undefined) {
    return [`No baseline: ${name} could not be fitted. ${shown(baseline.reason, 200)}`];
  }
  const score = baseline.fitted?.metrics[metric];
  if (baseline.fitted === null || score === undefined) return [];
  const { used, available } = baseline.rows;
  const rows = used < available ? `, on ${count(used)} of ${count(available)} training rows` : '';
  const fitted = `Baseline ${name} ${figure(score)} in ${duration(baseline.fitted.seconds)}${rows}`;
  return [fitted, comparison(run)];
}

/**
 * The same for a card: a few words behind the score where the candidate is proven better, otherwise
 * a line that a decision must not miss.
 */
export function baselineInBrief(
  run: Run,
  facts: Pick<ModelFacts, 'metric'>,
): { readonly brief: Line; readonly warning: Line } {
  const line = baselineLine(run, facts);
  const difference = run.verdict?.baseline;
  const isBeaten = difference !== undefined && standingOf(difference) === 'better';
  const fitted = run.evaluation?.baseline?.fitted;
  const score = fitted?.metrics[facts.metric];
  if (fitted == null || score === undefined || !isBeaten) return { brief: [], warning: line };
  return {
    brief: [` · Baseline ${figure(score)} in ${duration(fitted.seconds)}`],
    warning: [],
  };
}

/** What always answering the most frequent label scores; empty where it is not known. */
export function majorityWords(run: Run, { metric }: Pick<ModelFacts, 'metric'>): string {
  const majority = run.evaluation?.baseline?.majority;
  const score = majority?.metrics[metric];
  if (majority === undefined || score === undefined) return '';
  return `Always answering “${shown(majority.label, 40)}” scores ${figure(score)}.`;
}

function comparison(run: Run): string {
  const difference = run.verdict?.baseline;
  if (difference === undefined) return '';
  const standing = standingOf(difference);
  if (standing === 'better') return '';
  const judged = standing === 'worse' ? 'is worse' : 'is not proven better';
  const { estimate, lower, upper } = difference;
  const interval = `${points(estimate)}, 90 % interval ${bare(lower)} to ${bare(upper)}`;
  return `. The candidate${trained(run)} ${judged}: ${interval}`;
}

/** What its training took; the price is known where AWS billed it. */
function trained({ training, usage = [] }: Run): string {
  const seconds = training?.metrics?.seconds.total;
  if (seconds === undefined) return '';
  const jobs = usage.filter(({ kind }) => kind === 'train');
  const billed = costOf([{ usage: jobs }])?.billed ?? 0;
  return `, trained in ${duration(seconds)}${billed > 0 ? ` for ${about(billed)}` : ''},`;
}

const bare = (difference: number): string => points(difference).replace(' points', '');
