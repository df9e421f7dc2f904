import type { GatePolicy, ModelConfig } from '../config.ts';
import { countCells, createMacroF1, shareRight } from '../gate/cells.ts';
import type { Predictions } from '../gate/predictions.ts';
import type { RegisteredVersion } from '../ports.ts';
import type { Instant, RunId } from '../run.ts';
import type { Observation } from './alert.ts';
import { moreErrorsByChance, type Stratum } from './more-errors.ts';

/** Held-out rows with the answers of one version. */
export interface AnsweredRows {
  readonly label: readonly string[];
  readonly answer: readonly string[];
}

/** Rounding must not decide: a drop of exactly the threshold is no breach. */
const EPSILON = 1e-9;

/** Chance that a look finds a fall where nothing has changed. */
const FALSE_ALARM = 0.05;

/** What production answered to the rows it has not seen; null when it was not asked, or had no answer. */
export function unseenRows(
  { id, label, production }: Predictions,
  seen: ReadonlySet<string>,
): AnsweredRows | null {
  if (production === null) return null;
  const rows = [...id.keys()].filter((row) => !seen.has(id[row] ?? ''));
  const of = (values: readonly string[]) => rows.map((row) => values[row] ?? '');
  return { label: of(label), answer: of(production) };
}

/**
 * Compares production on rows it has not seen with the held-out rows of its own run; null on too few
 * of them. A breach is a score below the limit that chance explains in less than 5 % of cases: the
 * exact test of its errors, class by class, so that other shares of the classes are no breach.
 */
export function judgeNewRows(input: {
  readonly config: ModelConfig;
  readonly fresh: AnsweredRows;
  /** What the version answered to the held-out rows of the run it comes from. */
  readonly before: AnsweredRows;
  readonly production: Pick<RegisteredVersion, 'version' | 'metrics'>;
  readonly runId: RunId;
  readonly at: Instant;
}): Observation | null {
  const { config, fresh, before, production, runId, at } = input;
  const { metric } = config.gate;
  const baseline = production.metrics[metric];
  const rows = fresh.label.length;
  if (baseline === undefined || rows < config.alerts.minimumRows) return null;
  const threshold = baseline - config.alerts.maxMetricDrop;
  const value = scoreOf(fresh, metric);
  const isFall = moreErrorsByChance(strataOf(fresh, before)) < FALSE_ALARM;
  return {
    at,
    version: production.version,
    value,
    baseline,
    threshold,
    isBreach: isFall && value < threshold - EPSILON,
    sample: rows,
    source: { kind: 'evaluation', runId },
  };
}

function scoreOf({ label, answer }: AnsweredRows, metric: GatePolicy['metric']): number {
  const cells = countCells(label, answer);
  switch (metric) {
    case 'accuracy':
      return shareRight(cells, 'candidate');
    case 'macro_f1':
      return createMacroF1(cells)(cells.counts).candidate;
  }
}

/** One stratum for each class. */
function strataOf(fresh: AnsweredRows, before: AnsweredRows): readonly Stratum[] {
  const [now, then] = [errorsByClass(fresh), errorsByClass(before)];
  const none = { requests: 0, errors: 0 };
  return [...now].map(([label, errors]) => ({ now: errors, before: then.get(label) ?? none }));
}

function errorsByClass({ label, answer }: AnsweredRows) {
  const errors = new Map<string, { requests: number; errors: number }>();
  for (const [row, truth] of label.entries()) {
    const counted = errors.get(truth) ?? { requests: 0, errors: 0 };
    const isWrong = answer[row] !== truth;
    errors.set(truth, {
      requests: counted.requests + 1,
      errors: counted.errors + (isWrong ? 1 : 0),
    });
  }
  return errors;
}
