import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineConfig, type GatePolicy } from '../../pipeline/core/config.ts';
import { decideGate } from '../../pipeline/core/gate/decide-gate.ts';
import { type Predictions, parsePredictions } from '../../pipeline/core/gate/predictions.ts';
import { reasonsOf } from '../../pipeline/core/gate/verdict.ts';
import type { Evaluation } from '../../pipeline/core/python-contract.ts';

const policy: GatePolicy = gatePolicy({ minimum: 0.8 });

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
