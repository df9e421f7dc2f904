import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineConfig, type GatePolicy } from '../../pipeline/core/config.ts';
import { decideGate } from '../../pipeline/core/gate/decide-gate.ts';
import { type Predictions, parsePredictions } from '../../pipeline/core/gate/predictions.ts';
import {
  accuracyDifference,
  macroF1,
  macroF1Difference,
  mcNemarWorse,
  rowsForPower,
} from '../../pipeline/core/gate/statistics.ts';
import { reasonsOf } from '../../pipeline/core/gate/verdict.ts';
import type { Evaluation } from '../../pipeline/core/python-contract.ts';

const policy: GatePolicy = gatePolicy({ minimum: 0.8 });

describe('accuracyDifference', () => {
  it('solves the score equation with the constrained maximum likelihood found by search', () => {
    const counts = { rows: 200, candidateOnly: 12, productionOnly: 7 };

    const { lower, upper } = accuracyDifference(counts);

    expect(scoreBySearch(counts, lower)).toBeCloseTo(1.645, 2);
    expect(scoreBySearch(counts, upper)).toBeCloseTo(-1.645, 2);
  });

  it('contains its estimate and narrows as rows are added', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(40), fc.integer({ min: 100, max: 400 }), (b, c, rows) => {
        const once = accuracyDifference({ rows, candidateOnly: b, productionOnly: c });
        const tenfold = accuracyDifference({
          rows: rows * 10,
          candidateOnly: b * 10,
          productionOnly: c * 10,
        });
        expect(once.lower).toBeLessThanOrEqual(once.estimate + 1e-9);
        expect(once.upper).toBeGreaterThanOrEqual(once.estimate - 1e-9);
        expect(tenfold.upper - tenfold.lower).toBeLessThan(once.upper - once.lower);
      }),
    );
  });

  it('is the mirror image when the models change places', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(40), (b, c) => {
        const there = accuracyDifference({ rows: 300, candidateOnly: b, productionOnly: c });
        const back = accuracyDifference({ rows: 300, candidateOnly: c, productionOnly: b });
        expect(there.lower).toBeCloseTo(-back.upper, 9);
      }),
    );
  });
});

describe('mcNemarWorse', () => {
  it.each([
    { candidateOnly: 0, productionOnly: 0, p: 1 },
    { candidateOnly: 5, productionOnly: 0, p: 1 },
    { candidateOnly: 0, productionOnly: 5, p: 1 / 32 },
    { candidateOnly: 1, productionOnly: 3, p: 5 / 16 },
  ])('is $p for $candidateOnly against $productionOnly rows', ({ p, ...counts }) => {
    expect(mcNemarWorse({ rows: 100, ...counts })).toBeCloseTo(p, 12);
  });

  it('stays a probability for thousands of discordant rows', () => {
    const p = mcNemarWorse({ rows: 50_000, candidateOnly: 4000, productionOnly: 4100 });

    expect(p).toBeGreaterThan(0.1);
    expect(p).toBeLessThan(0.2);
  });
});

describe('macroF1', () => {
  it('averages the F1 of the classes, not of the rows', () => {
    const truth = ['a', 'a', 'a', 'b'];
    const predicted = ['a', 'a', 'b', 'b'];

    expect(macroF1(truth, predicted)).toBeCloseTo((0.8 + 2 / 3) / 2, 12);
  });

  it('counts an unknown predicted class as wrong', () => {
    expect(macroF1(['a', 'b'], ['a', 'zebra'])).toBeCloseTo(0.5, 12);
  });
});

describe('macroF1Difference', () => {
  it('is the same for the same seed and zero for the same predictions', () => {
    const { label, candidate, production } = predictions({ candidate: 0.9, production: 0.95 });

    const once = macroF1Difference(label, candidate, production ?? []);
    const again = macroF1Difference(label, candidate, production ?? []);
    const same = macroF1Difference(label, candidate, candidate);

    expect(again).toEqual(once);
    expect(once.lower).toBeLessThan(once.estimate);
    expect(same).toEqual({ estimate: 0, lower: 0, upper: 0 });
  });
});

describe('the gate', () => {
  it('needs only the minimum when nothing is in production', () => {
    const pass = judge({ candidate: 0.95, production: null });
    const fail = judge({ candidate: 0.7, production: null });

    expect(pass.outcome).toBe('pass');
    expect(fail.outcome).toBe('fail');
    expect(reasonsOf(fail)).toEqual(['Macro-F1 0.700 is below the minimum of 0.800.']);
  });

  it('passes a candidate that is as good as production', () => {
    expect(judge({ candidate: 0.95, production: 0.95 }).outcome).toBe('pass');
  });

  it('fails a candidate that loses more than the margin, and says by how much', () => {
    const verdict = judge({ candidate: 0.9, production: 0.95 });

    expect(verdict.outcome).toBe('fail');
    expect(reasonsOf(verdict)[0]).toBe(
      'Macro-F1 is 5.0 points lower than in production; the margin is 2.0 points.',
    );
  });

  it('is inconclusive when the rows are too few, and says how many would do', () => {
    const verdict = judge({ candidate: 0.93, production: 0.93, rows: 60, shuffle: 7 });

    expect(verdict.outcome).toBe('inconclusive');
    expect(verdict.rowsNeeded).toBeGreaterThan(60);
  });

  it('asks people when one class got much worse behind a good average', () => {
    const evaluation = evaluationOf({ candidate: 0.95, production: 0.95 });
    const worse: Evaluation = {
      ...evaluation,
      candidate: {
        ...evaluation.candidate,
        perClass: {
          ...evaluation.candidate.perClass,
          spam: { precision: 0.9, recall: 0.8, f1: 0.85, support: 500 },
        },
      },
    };

    const verdict = decideGate(policy, worse, predictions({ candidate: 0.95, production: 0.95 }));

    expect(verdict.outcome).toBe('inconclusive');
    expect(reasonsOf(verdict)[0]).toContain('Recall of “spam” drops by 15.0 points');
  });

  it('never passes what is right on a subset of the rows production is right on, beyond the margin', () => {
    fc.assert(
      fc.property(fc.integer({ min: 30, max: 300 }), (lost) => {
        const verdict = judge({ candidate: 1 - lost / 1000, production: 1 });
        expect(verdict.outcome).toBe('fail');
      }),
      { numRuns: 10 },
    );
  });

  it('reads predictions with quoted labels and without production', () => {
    const csv =
      'id,label,candidate,candidate_score,production,production_score\n1,"a, b","a, b",0.9,,\n';

    expect(parsePredictions(csv)).toEqual({
      label: ['a, b'],
      candidate: ['a, b'],
      production: null,
    });
  });

  it('names the missing column of a broken predictions file', () => {
    expect(() => parsePredictions('id,label\n1,a\n')).toThrow('no column “candidate”');
  });
});

describe('rowsForPower', () => {
  it('reproduces the published rule', () => {
    expect(rowsForPower(0.019, 0.02)).toBe(295);
    expect(rowsForPower(0.1, 0.01)).toBe(6200);
  });
});

interface Shares {
  readonly candidate: number;
  readonly production: number | null;
  readonly rows?: number;
  /** Rows by which the candidate's mistakes are shifted against production's. */
  readonly shuffle?: number;
}

function judge(shares: Shares) {
  return decideGate(policy, evaluationOf(shares), predictions(shares));
}

function predictions({ candidate, production, rows = 1000, shuffle = 0 }: Shares): Predictions {
  const label = Array.from({ length: rows }, (_, i) => (i % 2 === 0 ? 'ham' : 'spam'));
  const guesses = (share: number, shift: number) =>
    label.map((truth, i) => {
      const isRight = (i + shift) % rows < Math.round(share * rows);
      return isRight ? truth : truth === 'ham' ? 'spam' : 'ham';
    });
  return {
    label,
    candidate: guesses(candidate, shuffle),
    production: production === null ? null : guesses(production, 0),
  };
}

function evaluationOf({ candidate, production, rows = 1000 }: Shares): Evaluation {
  const scores = (right: number) => ({
    metrics: { accuracy: right, macro_f1: right },
    perClass: {
      ham: { precision: right, recall: right, f1: right, support: rows / 2 },
      spam: { precision: right, recall: right, f1: right, support: rows / 2 },
    },
    latency: { p50Milliseconds: 4, p95Milliseconds: 6 },
  });
  return {
    schemaVersion: 1,
    rows,
    labels: ['ham', 'spam'],
    candidate: scores(candidate),
    production: production === null ? null : scores(production),
  };
}

function gatePolicy(gate: { minimum: number }): GatePolicy {
  const config = defineConfig({
    channel: '#ml-ops',
    operators: 'everyone',
    models: {
      spam: {
        title: 'Spam',
        task: 'text-classification',
        recipe: 'words',
        columns: { text: 'text', label: 'label' },
        gate,
        approval: { mode: 'auto' },
      },
    },
  });
  const model = config.models.spam;
  if (model === undefined) throw new Error('The model is missing.');
  return model.gate;
}

/** Tango's statistic with the constrained likelihood maximised by golden-section search. */
function scoreBySearch(
  { rows: n, candidateOnly: b, productionOnly: c }: Parameters<typeof accuracyDifference>[0],
  delta: number,
): number {
  const logLikelihood = (q: number) =>
    b * Math.log(q + delta) + c * Math.log(q) + (n - b - c) * Math.log(1 - 2 * q - delta);
  let [low, high] = [Math.max(1e-9, -delta + 1e-9), (1 - delta) / 2 - 1e-9];
  for (let i = 0; i < 200; i++) {
    const left = high - (high - low) / 1.618_033_988_75;
    const right = low + (high - low) / 1.618_033_988_75;
    if (logLikelihood(left) > logLikelihood(right)) high = right;
    else low = left;
  }
  const q = (low + high) / 2;
  return (b - c - n * delta) / Math.sqrt(n * (2 * q + delta * (1 - delta)));
}
