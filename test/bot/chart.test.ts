import { parse, View } from 'vega';
import { compile } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { drawEvaluationChart } from '../../bot/features/run/evaluation-chart.ts';
import { evaluationSpec } from '../../bot/features/run/evaluation-spec.ts';
import { nastyOptions, sampleRuns } from '../../bot/gallery/sample-runs.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { sample } from './sample.ts';

const facts = { title: 'Spam filter', metric: 'macro_f1' } as const;

describe('drawEvaluationChart', () => {
  it.each([
    ['a comparison', sample('judged')],
    ['a first version', sampleRuns({ firstVersion: true }).judged as Run],
    ['40 classes with nasty names', sampleRuns(nastyOptions(0)).judged as Run],
  ])('draws %s as a PNG of at most 100 kB', async (_name, run) => {
    const { png, altText } = await drawEvaluationChart(run, facts);

    expect(Buffer.from(png.slice(0, 8)).toString('latin1')).toBe('\u0089PNG\r\n\u001a\n');
    expect(png.byteLength).toBeGreaterThan(5_000);
    expect(png.byteLength).toBeLessThanOrEqual(100_000);
    expect(altText).toContain('Macro-F1 0.952');
    expect(altText.length).toBeLessThanOrEqual(1_000);
  });

  it.each([
    ['a comparison', sample('judged'), 7],
    ['a first version', sampleRuns({ firstVersion: true }).judged as Run, 3],
  ])('draws every figure of %s', async (_name, run, figures) => {
    if (run.evaluation === null) throw new Error('The sample has no evaluation.');
    const spec = evaluationSpec({
      title: 'spam',
      evaluation: run.evaluation,
      verdict: run.verdict,
      metric: 'macro_f1',
      productionName: 'v6',
    });

    const svg = await new View(parse(compile(spec).spec), { renderer: 'none' }).toSVG();

    const points = [...svg.matchAll(/aria-roledescription="point"[^>]* d="([^"]+)"/g)];
    expect(points).toHaveLength(figures);
    expect(points.filter(([, path]) => /NaN|M0,0$/.test(path ?? ''))).toEqual([]);
  });

  it('draws the same run to the same bytes', async () => {
    const [one, other] = await Promise.all([
      drawEvaluationChart(sample('judged'), facts),
      drawEvaluationChart(sample('judged'), facts),
    ]);

    expect(Buffer.compare(one.png, other.png)).toBe(0);
  });
});
