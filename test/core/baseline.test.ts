import { describe, expect, it } from 'vitest';
import { type Baseline, baselineFor, standingOf } from '../../pipeline/core/baseline.ts';
import { defineConfig } from '../../pipeline/core/config.ts';
import { decideGate } from '../../pipeline/core/gate/decide-gate.ts';

const { models } = defineConfig({
  channel: '#ml',
  operators: 'everyone',
  models: {
    spam: {
      title: 'Spam filter',
      task: 'text-classification',
      recipe: 'distilbert',
      columns: { label: 'label', text: 'text' },
      gate: { minimum: 0.8 },
      approval: { mode: 'auto' },
    },
  },
});
const labels = Array.from({ length: 1000 }, (_, row) => (row % 2 === 0 ? 'ham' : 'spam'));

/** Answers that are right on a share of the rows, beginning at some row. */
const right = (share: number, from = 0) =>
  labels.map((label, row) => {
    const isRight = (row - from + 1000) % 1000 < share * 1000;
    return isRight ? label : label === 'ham' ? 'spam' : 'ham';
  });

function judge(
  candidate: readonly string[],
  baseline: readonly string[] | null,
  production = false,
) {
  const policy = models.spam?.gate;
  if (policy === undefined) throw new Error('There is no policy.');
  return decideGate({
    policy,
    predictions: {
      id: labels.map((_, row) => String(row)),
      label: labels,
      candidate,
      production: production ? labels : null,
      anchor: null,
      baseline,
    },
    unanswered: {},
    production: production ? 1 : null,
    anchor: null,
    vocabularies: { candidate: null, production: null },
    look: 1,
  });
}

describe('the baseline of a candidate', () => {
  it.each<[string, Parameters<typeof baselineFor>[0], Baseline]>([
    [
      'a transformer',
      { task: 'text-classification', recipe: 'distilbert', hyperparameters: {} },
      'tfidf',
    ],
    [
      'TF-IDF itself',
      { task: 'text-classification', recipe: 'tfidf', hyperparameters: {} },
      'majority',
    ],
    [
      'a forest',
      {
        task: 'tabular-classification',
        recipe: 'tabular',
        hyperparameters: { algorithm: 'random_forest' },
      },
      'gradient_boosting',
    ],
    [
      'gradient boosting itself',
      {
        task: 'tabular-classification',
        recipe: 'tabular',
        hyperparameters: { algorithm: 'gradient_boosting' },
      },
      'majority',
    ],
    [
      'a recipe of the team',
      { task: 'tabular-classification', recipe: 'ours', hyperparameters: {} },
      'gradient_boosting',
    ],
  ])('of %s is no model of its own kind', (_, candidate, baseline) => {
    expect(baselineFor(candidate)).toBe(baseline);
  });

  it.each([
    ['better', 0.95, 0.9],
    ['level', 0.95, 0.95],
    ['worse', 0.9, 0.95],
  ])('is beaten or not on the same rows: %s', (standing, candidate, baseline) => {
    const { baseline: difference } = judge(right(candidate), right(baseline, 30));

    expect(difference && standingOf(difference)).toBe(standing);
  });

  it('decides nothing', () => {
    const candidate = right(0.95);
    for (const production of [false, true]) {
      const { baseline, ...verdict } = judge(candidate, labels, production);

      expect(baseline?.upper).toBeLessThan(0);
      expect(verdict).toEqual(judge(candidate, null, production));
    }
  });

  it('that did not answer leaves nothing in the verdict', () => {
    expect(judge(right(0.95), null)).not.toHaveProperty('baseline');
  });
});
