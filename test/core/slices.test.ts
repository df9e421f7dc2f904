import { xoroshiro128plus } from 'pure-rand/generator/XoroShiro';
import { describe, expect, it } from 'vitest';
import { defineConfig, type GatePolicy } from '../../pipeline/core/config.ts';
import { decideGate } from '../../pipeline/core/gate/decide-gate.ts';
import { pairAnswers } from '../../pipeline/core/gate/pair-answers.ts';
import type { Predictions } from '../../pipeline/core/gate/predictions.ts';
import { withoutSeen } from '../../pipeline/core/gate/seen-rows.ts';
import { reasonsOf, type Verdict } from '../../pipeline/core/gate/verdict.ts';

const policy = gatePolicy(['country']);

describe('slices of the held-out rows', () => {
  it('ask people when one got much worse behind a good average', () => {
    const verdict = judge(
      rowsOf({
        DE: { rows: 212, lost: 20, won: 1 },
        FR: { rows: 800, lost: 3, won: 20 },
        IT: { rows: 400 },
      }),
    );

    expect(verdict.outcome).toBe('inconclusive');
    expect(reasonsOf(verdict)[0]).toBe('country=DE: 9.0 points lower on 212 rows (0.995 → 0.906).');
    expect(slicesOf(verdict).at(-1)).toBe('Of 3 slices, 1 lost more than 5.0 points.');
  });

  it('do not ask about a drop that chance explains, nor about one below the limit', () => {
    const verdict = judge(
      rowsOf({
        DE: { rows: 60, lost: 5, won: 1 },
        FR: { rows: 2000, lost: 60, won: 10 },
        IT: { rows: 1500, won: 50 },
      }),
    );

    expect(slicesOf(verdict)).toEqual([
      'Of 3 slices, none is proven to have lost more than 5.0 points.',
    ]);
    expect(verdict.outcome).toBe('pass');
  });

  it('describe the three that lost most and name the others', () => {
    const countries = ['AT', 'BE', 'CH', 'DE', 'ES'].map(
      (name, index) => [name, { rows: 200, lost: 30 + 10 * index }] as const,
    );

    const verdict = judge(
      rowsOf({ ...Object.fromEntries(countries), FR: { rows: 4000, won: 90 } }),
    );

    expect(slicesOf(verdict)).toEqual([
      'country=ES: 35.0 points lower on 200 rows (1.000 → 0.650).',
      'country=DE: 30.0 points lower on 200 rows (1.000 → 0.700).',
      'country=CH: 25.0 points lower on 200 rows (1.000 → 0.750).',
      'More than 5.0 points lower, too: “country=BE”, “country=AT”.',
      'Of 6 slices, 5 lost more than 5.0 points.',
    ]);
  });

  it('judge rare values together, or count them', () => {
    const rare = (rows: number, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`rare ${i}`, { rows, lost: 2 }]));

    const together = judge(rowsOf({ DE: { rows: 900 }, ...rare(10, 9) }));
    const counted = judge(rowsOf({ DE: { rows: 900 }, ...rare(10, 2) }));

    expect(slicesOf(together)).toEqual([
      'country, 9 rarer values together: 20.0 points lower on 90 rows (1.000 → 0.800).',
      'Of 2 slices, 1 lost more than 5.0 points. The 9 rarer values of “country” are judged together.',
    ]);
    expect(slicesOf(counted)).toEqual([
      'Of 1 slice, none is proven to have lost more than 5.0 points. The 2 rarer values of “country” (20 rows) are too few to judge.',
    ]);
  });

  it('are at most 20 of a column, and none of free text', () => {
    const many = Array.from({ length: 30 }, (_, i) => [`c${i}`, { rows: 60 }] as const);
    const each = Array.from({ length: 300 }, (_, i) => [`order ${i}`, { rows: 1 }] as const);

    expect(slicesOf(judge(rowsOf(Object.fromEntries(many))))).toEqual([
      'Of 21 slices, none is proven to have lost more than 5.0 points. The 10 rarer values of “country” are judged together.',
    ]);
    expect(slicesOf(judge(rowsOf(Object.fromEntries(each))))).toEqual([
      'No value of “country” has 50 rows, so no slice of it is judged.',
    ]);
  });

  it('are shortened, and an empty cell is named', () => {
    const verdict = judge(
      rowsOf({ [`${'x'.repeat(50)}🎈`]: { rows: 100, lost: 50 }, '': { rows: 100, lost: 60 } }),
    );

    expect(slicesOf(verdict)[0]).toMatch(/^country=\(empty\): 60\.0 points/);
    expect(slicesOf(verdict)[1]).toContain(`country=${'x'.repeat(39)}…: 50.0 points`);
  });

  it.each(['country', 'constructor'])(
    'are not judged by %s where the stored answers have none, and it is said',
    (column) => {
      const { slices: _, ...before } = rowsOf({ DE: { rows: 300 } });

      const verdict = judge(before, gatePolicy([column]));

      expect(slicesOf(verdict)).toEqual([
        `The rows were evaluated without “${column}”, so no slice of it is judged.`,
      ]);
      expect(slicesOf(judge(before, gatePolicy([])))).toEqual([]);
    },
  );

  it('stay with their rows when seen rows are left out, and in a comparison of versions', () => {
    const rows = rowsOf({ DE: { rows: 2 }, FR: { rows: 2 } });

    const left = withoutSeen(rows, new Set(['1', '2']));
    const paired = pairAnswers({
      candidate: rows,
      production: { id: ['3', '0'], label: ['spam', 'ham'], candidate: ['ham', 'ham'] },
      anchor: null,
    });

    expect(left).toMatchObject({ id: ['0', '3'], slices: { country: ['DE', 'FR'] } });
    expect(paired.slices).toEqual({ country: ['DE', 'FR'] });
  });

  it('and classes together hold up an equal candidate in at most 5 % of comparisons', () => {
    const uniform = createUniform(14);
    const repetitions = 400;
    let held = 0;
    for (let time = 0; time < repetitions; time++) {
      const verdict = judge(equalCase(uniform), {
        ...gatePolicy(['country', 'source']),
        metric: 'accuracy',
        maxSliceDrop: 0,
        maxRecallDrop: 0,
      });
      const isHeld = verdict.checks.some(
        ({ name, outcome }) => name.startsWith('per_') && outcome === 'inconclusive',
      );
      if (isHeld) held += 1;
    }

    expect(held / repetitions).toBeLessThanOrEqual(0.05);
  });
});

/** Two models that are right on 85 % of the rows, independently, in 20 + 5 slices of 4 classes. */
function equalCase(uniform: () => number): Predictions {
  const pick = (count: number) => Math.floor(uniform() * count);
  const label = Array.from({ length: 3000 }, () => `class ${pick(4)}`);
  const answers = () => label.map((truth) => (uniform() < 0.85 ? truth : `class ${pick(4)}`));
  return {
    id: label.map((_, row) => String(row)),
    label,
    candidate: answers(),
    production: answers(),
    anchor: null,
    slices: {
      country: label.map(() => `c${pick(20)}`),
      source: label.map(() => `s${pick(5)}`),
    },
  };
}

interface SliceRows {
  readonly rows: number;
  /** Rows that only production gets right, and only the candidate. */
  readonly lost?: number;
  readonly won?: number;
}

function rowsOf(countries: Readonly<Record<string, SliceRows>>): Predictions {
  const rows = Object.entries(countries).flatMap(([country, { rows: all, lost = 0, won = 0 }]) =>
    Array.from({ length: all }, (_, row) => {
      const label = row % 2 === 0 ? 'ham' : 'spam';
      const wrong = label === 'ham' ? 'spam' : 'ham';
      return {
        country,
        label,
        candidate: row < lost ? wrong : label,
        production: row >= lost && row < lost + won ? wrong : label,
      };
    }),
  );
  return {
    id: rows.map((_, row) => String(row)),
    label: rows.map(({ label }) => label),
    candidate: rows.map(({ candidate }) => candidate),
    production: rows.map(({ production }) => production),
    anchor: null,
    slices: { country: rows.map(({ country }) => country) },
  };
}

function judge(predictions: Predictions, by: GatePolicy = policy): Verdict {
  const labels = [...new Set(predictions.label)];
  return decideGate({
    policy: by,
    predictions,
    unanswered: {},
    production: 2,
    anchor: null,
    vocabularies: { candidate: labels, production: labels },
    look: 1,
  });
}

const slicesOf = ({ checks }: Verdict): readonly string[] =>
  checks.filter(({ name }) => name === 'per_slice').map(({ reason }) => reason);

function gatePolicy(slices: readonly string[]): GatePolicy {
  const config = defineConfig({
    channel: '#ml',
    operators: 'everyone',
    models: {
      spam: {
        title: 'Spam filter',
        task: 'text-classification',
        recipe: 'tfidf',
        columns: { text: 'text', label: 'label' },
        gate: { minimum: 0.5, slices: [...slices] },
        approval: { mode: 'auto' },
      },
    },
  });
  const gate = config.models.spam?.gate;
  if (gate === undefined) throw new Error('The configuration has no gate.');
  return gate;
}

function createUniform(seed: number) {
  const generator = xoroshiro128plus(seed);
  return () => (generator.unsafeNext() >>> 0) / 2 ** 32;
}
