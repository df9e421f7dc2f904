import type { ModelConfig } from '../config.ts';
import type { InputReference } from '../python-contract.ts';
import type { Instant } from '../run.ts';
import type { Observation } from './alert.ts';
import type { InputCounts } from './input-counts.ts';
import { shiftOf } from './shift-test.ts';

/** Chance that a look finds a shift of any histogram where nothing has changed. */
const FALSE_ALARM = 0.02;

/** Rounding must not decide: a shift of exactly the threshold is no breach. */
const EPSILON = 1e-9;

/**
 * Compares what a version was asked since the last look with the rows it was evaluated on; null while
 * the inputs are too few. A breach is a histogram that moved by more than the limit and for which the
 * chance, times the number of histograms, is below 2 %. The observation names the one that moved most.
 */
export function judgeInputs(input: {
  readonly config: ModelConfig;
  readonly reference: InputReference;
  readonly now: InputCounts;
  readonly version: number;
  readonly configName: string;
  readonly at: Instant;
}): Observation | null {
  const { config, reference, now, version, configName, at } = input;
  const { minimumInputs, maxInputShift: threshold } = config.alerts;
  if (now.inputs < minimumInputs) return null;
  const compared = reference.features.flatMap((feature) => {
    const counts = now.counts[feature.name];
    // Other bins are from another version, or from a defect.
    return counts?.length === feature.counts.length
      ? [{ feature, counts, shift: shiftOf(feature.kind, feature.counts, counts) }]
      : [];
  });
  const judged = compared.map((each) => {
    const isProven = each.shift.chance * compared.length < FALSE_ALARM;
    return { ...each, isBreach: isProven && each.shift.distance > threshold + EPSILON };
  });
  const [most] = judged.toSorted(
    (a, b) => Number(b.isBreach) - Number(a.isBreach) || b.shift.distance - a.shift.distance,
  );
  if (most === undefined) return null;
  const { feature, counts, shift, isBreach } = most;
  return {
    at,
    version,
    value: shift.distance,
    baseline: null,
    threshold,
    isBreach,
    sample: now.inputs,
    source: {
      kind: 'inputs',
      configName,
      moved: judged.filter((each) => each.isBreach).map((each) => each.feature.name),
      histogram: { name: feature.name, bins: feature.bins, reference: feature.counts, now: counts },
    },
  };
}
