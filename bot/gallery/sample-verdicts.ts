import type { GatePolicy } from '../../pipeline/core/config.ts';
import type { GatePower } from '../../pipeline/core/gate/power.ts';
import type { Check, Verdict } from '../../pipeline/core/gate/verdict.ts';

/** Documents of the kind the pipeline produces, for the gallery and the tests. */

const checks: Readonly<Record<Verdict['outcome'], readonly Check[]>> = {
  pass: [
    {
      name: 'minimum',
      outcome: 'pass',
      reason: 'Macro-F1 0.952 is at least the minimum of 0.900.',
    },
    {
      name: 'non_inferiority',
      outcome: 'pass',
      reason:
        'With 97.6 % confidence, the candidate loses less than 2.0 points (bound −0.3 points).',
    },
    {
      name: 'difference',
      outcome: 'pass',
      reason:
        'Macro-F1 differs by +1.4 points from production (90 % interval −0.2 points to +3.0 points).',
    },
  ],
  fail: [
    {
      name: 'minimum',
      outcome: 'pass',
      reason: 'Macro-F1 0.907 is at least the minimum of 0.900.',
    },
    {
      name: 'regression',
      outcome: 'fail',
      reason:
        'Macro-F1 is 3.1 points lower than in production; with 99.5 % confidence at least 0.8 points (margin 2.0 points).',
    },
    {
      name: 'per_class',
      outcome: 'inconclusive',
      reason: 'Recall of “<!channel> *spam*” drops by 6.2 points (0.941 → 0.879).',
    },
  ],
  inconclusive: [
    {
      name: 'minimum',
      outcome: 'pass',
      reason: 'Macro-F1 0.939 is at least the minimum of 0.900.',
    },
    {
      name: 'non_inferiority',
      outcome: 'inconclusive',
      reason:
        '912 held-out rows cannot rule out a loss of 2.4 points with 97.6 % confidence; the margin is 2.0 points.',
    },
  ],
  not_comparable: [
    {
      name: 'comparable',
      outcome: 'not_comparable',
      reason:
        'The labels differ: the data has “<!channel> *spam*”, which production does not know, and no longer “spam”, which production answers. Were they renamed?',
    },
    {
      name: 'minimum',
      outcome: 'pass',
      reason:
        'Macro-F1 0.952 is at least the minimum of 0.900 (with 97.6 % confidence above 0.934).',
    },
  ],
};

/** The change of macro-F1 by outcome. */
export const estimates: Readonly<Record<Verdict['outcome'], number>> = {
  pass: 0.014,
  fail: -0.031,
  inconclusive: 0.001,
  not_comparable: 0.902,
};

export const power: GatePower = {
  rows: 912,
  notices: 0.73,
  loss: 0.02,
  passesEqual: 0.62,
  basis: 'measured',
};

export const gatePolicy: GatePolicy = {
  mode: 'enforce',
  metric: 'macro_f1',
  minimum: 0.9,
  nonInferiorityMargin: 0.02,
  tolerance: 0.005,
  maxRecallDrop: 0.05,
  perClassRows: 50,
  slices: [],
  maxSliceDrop: 0.05,
  minimumRows: 30,
};

export function verdict(outcome: Verdict['outcome'], hasProduction = true): Verdict {
  const estimate = estimates[outcome];
  const isCompared = hasProduction && outcome !== 'not_comparable';
  return {
    outcome,
    checks: hasProduction ? checks[outcome] : checks[outcome].slice(0, 1),
    difference: isCompared ? { estimate, lower: estimate - 0.016, upper: estimate + 0.016 } : null,
    discordant: isCompared ? { candidateOnly: 21, productionOnly: 9 } : null,
    rowsNeeded: outcome === 'inconclusive' && hasProduction ? 1_480 : null,
    look: { number: 1, alpha: 0.024, nextChance: 0.58, freshChance: 0.71 },
  };
}

/** A gate in its first weeks, which blocks nothing. */
export const advisoryVerdict: Verdict = { ...verdict('fail'), isAdvisory: true };

/** A good average behind which two slices got worse. */
export const slicedVerdict: Verdict = {
  ...verdict('pass'),
  outcome: 'inconclusive',
  checks: [
    ...checks.pass,
    {
      name: 'per_slice',
      outcome: 'inconclusive',
      reason: 'country=DE: 9.4 points lower on 212 rows (0.953 → 0.859).',
    },
    {
      name: 'per_slice',
      outcome: 'inconclusive',
      reason: 'source=<!channel> *partner feed*: 6.1 points lower on 98 rows (0.949 → 0.888).',
    },
    {
      name: 'per_slice',
      outcome: 'pass',
      reason:
        'Of 14 slices, 2 lost more than 5.0 points. The 31 rarer values of “country” are judged together.',
    },
  ],
};

/** Rows that have judged often, and a candidate that may have fallen behind the best version. */
export const wornVerdict: Verdict = {
  ...verdict('inconclusive'),
  checks: [
    ...checks.inconclusive,
    {
      name: 'anchor',
      outcome: 'inconclusive',
      reason:
        'Macro-F1 differs by −1.2 points from v3, the best version so far, and may have lost 2.6 points since then.',
    },
  ],
  look: { number: 9, alpha: 0.0003, nextChance: 0.31, freshChance: 0.71 },
  anchor: { version: 3, difference: { estimate: -0.012, lower: -0.024, upper: 0.001 } },
};
