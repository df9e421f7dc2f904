import { describe, expect, it } from 'vitest';
import { scoreInBrief, scoreLine, scorePhrase } from '../../bot/blocks/scores.ts';
import { datasetEntry } from '../../bot/features/run/dataset-entry.ts';
import { evaluationEntry } from '../../bot/features/run/evaluation-entries.ts';
import { sampleFacts } from '../../bot/gallery/run-examples.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { sample } from './sample.ts';

const textOf = (value: unknown) => JSON.stringify(value);

function withLeftOut(): Run {
  const run = sample('judged');
  if (run.verdict === null || run.prepared === null) throw new Error('The sample has no verdict.');
  return {
    ...run,
    evaluatedAgainst: 6,
    prepared: { ...run.prepared, seen: [{ version: 6, rows: 518 }] },
    verdict: {
      ...run.verdict,
      leftOut: { seen: 518, compared: 720 },
      difference: { estimate: 0.001, lower: -0.01, upper: 0.012 },
    },
  };
}

describe('held-out rows that production was trained on', () => {
  it('are counted in the thread before training', () => {
    expect(textOf(datasetEntry(withLeftOut()))).toContain('v6 was trained on 518 of the');
  });

  it('are said not to be known when the training rows are gone', () => {
    const run = withLeftOut();
    const prepared = run.prepared && { ...run.prepared, seen: [{ version: 6, rows: null }] };

    expect(textOf(datasetEntry({ ...run, prepared }))).toContain(
      'Which held-out rows v6 was trained on is not known',
    );
  });

  it('do not count in the difference on the card', () => {
    const line = scoreLine(withLeftOut(), sampleFacts).map((part) =>
      typeof part === 'string' ? part : textOf(part),
    );

    expect(line.join('')).toContain(
      '+0.1 points against production v6 on the 720 it was not trained on',
    );
    expect(textOf(scoreInBrief(withLeftOut(), sampleFacts))).toMatch(
      /\+0\.1 points.*against production v6 on the 720 of [\d,]+ rows it was not trained on/,
    );
    expect(scorePhrase(withLeftOut(), sampleFacts)).toContain('(+0.1 points)');
  });

  it('are explained beside the table, which counts them', () => {
    expect(textOf(evaluationEntry(withLeftOut(), sampleFacts))).toContain(
      'v6 was trained on 518 of these rows',
    );
  });
});
