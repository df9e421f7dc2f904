import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineConfig, type GatePolicy } from '../../pipeline/core/config.ts';
import { decideGate } from '../../pipeline/core/gate/decide-gate.ts';
import type { GateCase } from '../../pipeline/core/gate/gate-case.ts';
import type { Predictions } from '../../pipeline/core/gate/predictions.ts';
import { acceptsLoss, reasonsOf, type Verdict } from '../../pipeline/core/gate/verdict.ts';

const policy: GatePolicy = gatePolicy();
const labels = ['ham', 'spam'];

describe('the gate without production', () => {
  it.each([
    ['pass', 1000, 0.95],
    ['fail', 1000, 0.7],
    ['inconclusive', 20, 0.85],
    // 10 of 10 right prove no more than 0.8: a model of 0.85 manages that in 20 % of cases.
    ['inconclusive', 10, 1],
  ])('says %s on %i rows of which it gets %f right', (outcome, rows, candidate) => {
    const verdict = judge({ candidate, production: null, rows, minimum: 0.82 });

    expect(verdict.outcome).toBe(outcome);
    expect(verdict.checks).toHaveLength(1);
  });

  it('says how sure it is that the minimum is missed', () => {
    expect(reasonsOf(judge({ candidate: 0.7, production: null }))[0]).toMatch(
      /^Macro-F1 0\.700 is below the minimum of 0\.800 \(with 99\.5 % confidence below 0\.7\d\d\)\.$/,
    );
  });
});

describe('the gate', () => {
  it('passes a candidate that is as good as production', () => {
    expect(judge({ candidate: 0.95, production: 0.95 }).outcome).toBe('pass');
  });

  it('fails a candidate that is proven to be worse, and says by how much', () => {
    const verdict = judge({ candidate: 0.9, production: 0.95 });

    expect(verdict.outcome).toBe('fail');
    expect(reasonsOf(verdict)[0]).toMatch(
      /^Macro-F1 is 5\.0 points lower than in production; with 99\.5 % confidence at least \d\.\d points \(margin 2\.0 points\)\.$/,
    );
  });

  it('does not fail on a loss that chance explains', () => {
    // 5 points lower on 40 rows: two rows lost and none won.
    const verdict = judge({ candidate: 0.9, production: 0.95, rows: 40, minimum: 0.5 });

    expect(verdict.difference?.estimate).toBeLessThan(-0.02);
    expect(verdict.outcome).toBe('inconclusive');
  });

  it('does not fail on the one row lost of a class with three', () => {
    const label = [...Array(197).fill('ham'), 'spam', 'spam', 'spam'];
    const candidate = [...label.slice(0, -1), 'ham'];

    const verdict = decideGate(
      aCase({ id: [], label, candidate, production: label, anchor: null }),
    );

    expect(verdict.difference?.estimate).toBeLessThan(-0.05);
    expect(verdict.outcome).toBe('inconclusive');
  });

  it('leaves a proven loss inside the margin to people', () => {
    // 0.8 points lower on 10,000 rows, no row won: certainly worse, and certainly by less than 2.
    const verdict = judge({ candidate: 0.942, production: 0.95, rows: 10_000 });

    expect(verdict.difference?.upper).toBeLessThan(0);
    expect(verdict.outcome).toBe('inconclusive');
    expect(reasonsOf(verdict).join(' ')).toContain('worse, but by less than the margin');
  });

  it('never fails equal answers, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('ham', 'spam', 'eggs'), { minLength: 30, maxLength: 80 }),
        fc.infiniteStream(fc.constantFrom('ham', 'spam', 'eggs')),
        fc.integer({ min: 1, max: 50 }),
        (label, answers, look) => {
          const candidate = label.map(() => answers.next().value ?? 'ham');
          const verdict = decideGate({
            ...aCase({ id: [], label, candidate, production: candidate, anchor: null }),
            policy: { ...policy, minimum: 0 },
            vocabularies: { candidate: ['ham'], production: ['ham'] },
            look,
          });
          expect(verdict.outcome).not.toBe('fail');
          expect(verdict.difference).toMatchObject({ estimate: 0, lower: 0, upper: 0 });
        },
      ),
      { numRuns: 30 },
    );
  });

  it('never fails a loss that is proven to be inside the margin, and never passes one that is not', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 200, max: 6000 }),
        (lost, won, rows) => {
          const verdict = decideGate({
            ...aCase(discordant({ rows, lost, won })),
            policy: { ...policy, metric: 'accuracy', minimum: 0 },
          });
          const lower = verdict.difference?.lower ?? 0;
          if (lower >= -policy.nonInferiorityMargin) expect(verdict.outcome).not.toBe('fail');
          else expect(verdict.outcome).not.toBe('pass');
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gets stricter with every look: what passes later passes earlier', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 2, max: 40 }),
        (lost, won, look) => {
          const each = { ...aCase(discordant({ rows: 1500, lost, won })), policy: byAccuracy };
          const later = decideGate({ ...each, look });
          if (later.outcome === 'pass') {
            expect(decideGate({ ...each, look: look - 1 }).outcome).toBe('pass');
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('says how often the rows have judged and what that costs', () => {
    const first = judge({ candidate: 0.95, production: 0.95, shuffle: 20 });
    const tenth = judge({ candidate: 0.95, production: 0.95, shuffle: 20, look: 10 });

    expect(first.look?.number).toBe(1);
    expect(tenth.look?.alpha).toBeCloseTo((first.look?.alpha ?? 0) / 100, 12);
    expect(tenth.look?.nextChance).toBeLessThan(tenth.look?.freshChance ?? 0);
  });

  it('is inconclusive when the rows are too few, and says how many would do', () => {
    const verdict = judge({
      candidate: 0.93,
      production: 0.93,
      rows: 60,
      shuffle: 7,
      minimum: 0.5,
    });

    expect(verdict.outcome).toBe('inconclusive');
    expect(verdict.rowsNeeded).toBeGreaterThan(60);
  });

  it('asks people when one class got much worse behind a good average', () => {
    const rows = 2000;
    const label = Array.from({ length: rows }, (_, i) => (i < 100 ? 'rare' : 'ham'));
    const production = label.map((truth, i) => (i >= 100 && i < 140 ? 'rare' : truth));
    const candidate = label.map((truth, i) => (i < 15 ? 'ham' : truth));

    const verdict = decideGate({
      ...aCase({ id: [], label, candidate, production, anchor: null }),
      vocabularies: { candidate: ['ham', 'rare'], production: ['ham', 'rare'] },
    });

    expect(verdict.outcome).toBe('inconclusive');
    expect(reasonsOf(verdict)[0]).toBe('Recall of “rare” drops by 15.0 points (1.000 → 0.850).');
  });

  it('does not hold an equal model up because it has many classes', () => {
    const classes = Array.from({ length: 26 }, (_, index) => `class ${index}`);
    const label = classes.flatMap((name) => Array<string>(100).fill(name));
    const wrong = (row: number, shift: number) => (row * 37 + shift * 11) % 100 < 15;
    const answers = (shift: number) =>
      label.map((truth, row) => (wrong(row, shift * (1 + (row % 7))) ? 'class 0' : truth));

    const verdict = decideGate({
      ...aCase({ id: [], label, candidate: answers(1), production: answers(2), anchor: null }),
      vocabularies: { candidate: classes, production: classes },
    });

    expect(verdict.checks.filter(({ name }) => name === 'per_class')).toEqual([]);
  });

  it('blocks nothing while it is advisory, and says what it thinks', () => {
    const each = aCase(predictions({ candidate: 0.9, production: 0.95 }));

    const verdict = decideGate({ ...each, policy: { ...policy, mode: 'advisory' } });

    expect(verdict).toMatchObject({ outcome: 'fail', isAdvisory: true });
  });
});

describe('a comparison that cannot be made', () => {
  it('is not comparable when production could not answer, and says why', () => {
    const verdict = decideGate({
      ...aCase(predictions({ candidate: 0.95, production: null })),
      production: 3,
      unanswered: { production: 'ValueError: the request has unknown features.' },
    });

    expect(verdict.outcome).toBe('not_comparable');
    expect(reasonsOf(verdict)[0]).toBe(
      'Production could not answer the held-out rows: ValueError: the request has unknown features.',
    );
  });

  it.each([
    [
      'renamed',
      ['HAM', 'SPAM'],
      /“ham”, “spam”, which production does not know.*Were they renamed/,
    ],
    ['added', ['ham'], /was not trained on “spam”/],
    ['removed', ['ham', 'spam', 'eggs'], /also answers “eggs”/],
  ])('is not comparable when labels were %s', (_, production, reason) => {
    const verdict = decideGate({
      ...aCase(predictions({ candidate: 0.95, production: 0.95 })),
      vocabularies: { candidate: labels, production },
    });

    expect(verdict.outcome).toBe('not_comparable');
    expect(verdict.difference).toBeNull();
    expect(reasonsOf(verdict)[0]).toMatch(reason);
  });

  it('sees renamed labels in the answers when the record of production’s training is gone', () => {
    const { label, candidate } = predictions({ candidate: 0.85, production: null });
    const production = label.map((each) => each.toUpperCase());

    const verdict = decideGate({
      ...aCase({ id: [], label, candidate, production, anchor: null }),
      vocabularies: { candidate: labels, production: null },
    });

    expect(verdict.outcome).toBe('not_comparable');
  });

  it('is not comparable on fewer rows than the policy demands', () => {
    const verdict = judge({ candidate: 1, production: 1, rows: 29, minimum: 0.5 });

    expect(verdict.outcome).toBe('not_comparable');
    expect(reasonsOf(verdict)[0]).toContain('29 held-out rows; fewer than 30');
  });

  it('still fails a candidate that is proven to be below the minimum', () => {
    const each = aCase(predictions({ candidate: 0.5, production: 0.5 }));

    expect(
      decideGate({ ...each, vocabularies: { candidate: labels, production: ['HAM'] } }).outcome,
    ).toBe('fail');
  });
});

describe('the anchor', () => {
  const fallen = () => {
    const { label, candidate, production } = predictions({ candidate: 0.93, production: 0.932 });
    return { id: [], label, candidate, production, anchor: label };
  };

  it('asks people about a candidate that has fallen behind the best version step by step', () => {
    const verdict = decideGate({ ...aCase(fallen()), anchor: 3 });

    expect(verdict.outcome).toBe('inconclusive');
    expect(verdict.anchor?.version).toBe(3);
    expect(acceptsLoss(verdict)).toBe(true);
    expect(reasonsOf(verdict)[0]).toMatch(/−7\.0 points from v3, the best version so far,/);
  });

  it('lets a candidate pass that is as good as it', () => {
    const { label, candidate, production } = predictions({ candidate: 0.95, production: 0.95 });

    const verdict = decideGate({
      ...aCase({ id: [], label, candidate, production, anchor: candidate }),
      anchor: 3,
    });

    expect(verdict.outcome).toBe('pass');
    expect(acceptsLoss(verdict)).toBe(false);
  });

  it('asks people when it could not answer', () => {
    const verdict = decideGate({
      ...aCase(predictions({ candidate: 0.95, production: 0.95 })),
      anchor: 3,
      unanswered: { anchor: 'its archive is broken' },
    });

    expect(verdict.outcome).toBe('inconclusive');
    expect(reasonsOf(verdict)[0]).toContain('v3, the best version so far, could not answer');
  });
});

describe('held-out rows that production was trained on', () => {
  // Production is right on 99 % of the rows, but only because it was trained on most of them.
  const answers = predictions({ candidate: 0.96, production: 0.99 });
  const mistakes = answers.id.filter((_, row) => answers.candidate[row] !== answers.label[row]);
  const seen = new Set([...mistakes.slice(0, 30), ...answers.id.slice(0, 270)]);

  it('would make an equal candidate fail', () => {
    expect(decideGate(aCase(answers)).outcome).toBe('fail');
  });

  it('are left out of the comparison, counted, and not of the candidate’s own score', () => {
    const verdict = decideGate({ ...aCase(answers), seen: { production: seen } });

    expect(verdict.outcome).not.toBe('fail');
    expect(verdict.leftOut).toEqual({ seen: 300, compared: 700 });
    expect(verdict.difference?.estimate).toBeGreaterThan(-0.005);
    expect(verdict.checks[0]?.reason).toBe(
      '300 of 1,000 held-out rows are left out of the comparison: v2 was trained on them or on nearly the same.',
    );
    const minimum = verdict.checks.find(({ name }) => name === 'minimum');
    expect(minimum?.reason).toContain('0.960');
  });

  it('leave too few to compare', () => {
    const most = new Set(answers.id.slice(12));

    const verdict = decideGate({ ...aCase(answers), seen: { production: most } });

    expect(verdict).toMatchObject({ outcome: 'not_comparable', difference: null });
    expect(verdict.leftOut).toEqual({ seen: 988, compared: 12 });
    expect(verdict.checks[0]?.reason).toBe(
      'Both models answered 12 held-out rows that production was not trained on; fewer than 30 say nothing about their difference.',
    );
  });

  it('may be all of them', () => {
    const verdict = decideGate({
      ...aCase(answers),
      seen: { production: new Set(answers.id) },
    });

    expect(verdict.outcome).toBe('not_comparable');
  });

  it('are said not to be known', () => {
    const verdict = decideGate({ ...aCase(answers), seen: { production: null } });

    expect(verdict.leftOut).toBeUndefined();
    expect(verdict.checks[0]).toEqual({
      name: 'unseen_rows',
      outcome: 'pass',
      reason:
        'It is not known which of the held-out rows v2 was trained on; all of them are compared.',
    });
  });

  it('are left out of the comparison with the best version so far', () => {
    const best = { ...predictions({ candidate: 0.96, production: 0.96 }) };
    const anchor = best.label.map((label, row) => (row < 990 ? label : 'other'));
    const withAnchor = { ...aCase({ ...best, anchor }), anchor: 1 };

    const leaked = decideGate(withAnchor);
    const clean = decideGate({
      ...withAnchor,
      seen: { production: new Set<string>(), anchor: seen },
    });

    expect(leaked.outcome).toBe('inconclusive');
    expect(clean.anchor?.difference?.estimate).toBeGreaterThan(
      leaked.anchor?.difference?.estimate ?? 0,
    );
  });
});

interface Shares {
  readonly candidate: number;
  readonly production: number | null;
  readonly rows?: number;
  /** Rows by which the candidate's mistakes are shifted against production's. */
  readonly shuffle?: number;
  readonly minimum?: number;
  readonly look?: number;
}

function judge({ minimum = policy.minimum, look = 1, ...shares }: Shares): Verdict {
  return decideGate({ ...aCase(predictions(shares)), policy: { ...policy, minimum }, look });
}

function aCase(answers: Predictions): GateCase {
  return {
    policy,
    predictions: answers,
    unanswered: {},
    production: answers.production === null ? null : 2,
    anchor: null,
    vocabularies: { candidate: labels, production: labels },
    look: 1,
  };
}

function predictions({
  candidate,
  production,
  rows = 1000,
  shuffle = 0,
}: Omit<Shares, 'minimum' | 'look'>): Predictions {
  const label = Array.from({ length: rows }, (_, i) => (i % 2 === 0 ? 'ham' : 'spam'));
  const guesses = (share: number, shift: number) =>
    label.map((truth, i) => {
      const isRight = (i + shift) % rows < Math.round(share * rows);
      return isRight ? truth : truth === 'ham' ? 'spam' : 'ham';
    });
  return {
    id: label.map((_, i) => String(i)),
    label,
    candidate: guesses(candidate, shuffle),
    production: production === null ? null : guesses(production, 0),
    anchor: null,
  };
}

/** Production is right on `lost` rows that the candidate gets wrong, the candidate on `won` others. */
function discordant({ rows, lost, won }: { rows: number; lost: number; won: number }): Predictions {
  const label = Array.from({ length: rows }, (_, i) => (i % 2 === 0 ? 'ham' : 'spam'));
  const flip = (truth: string) => (truth === 'ham' ? 'spam' : 'ham');
  return {
    id: [],
    label,
    candidate: label.map((truth, i) => (i < lost ? flip(truth) : truth)),
    production: label.map((truth, i) => (i >= lost && i < lost + won ? flip(truth) : truth)),
    anchor: null,
  };
}

const byAccuracy: GatePolicy = { ...policy, metric: 'accuracy' };

function gatePolicy(): GatePolicy {
  const config = defineConfig({
    channel: '#ml-ops',
    operators: 'everyone',
    models: {
      spam: {
        title: 'Spam',
        task: 'text-classification',
        recipe: 'words',
        columns: { text: 'text', label: 'label' },
        gate: { minimum: 0.8 },
        approval: { mode: 'auto' },
      },
    },
  });
  const model = config.models.spam;
  if (model === undefined) throw new Error('The model is missing.');
  return model.gate;
}
