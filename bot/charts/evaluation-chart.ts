import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';
import { logger, None, parse, View } from 'vega';
import { compile } from 'vega-lite';
import type { Run } from '../../pipeline/core/run.ts';
import { shown, truncate } from '../messages/escape.ts';
import { points } from '../messages/format.ts';
import type { ModelFacts } from '../messages/message.ts';
import { scorePhrase } from '../messages/scores.ts';
import { evaluationSpec } from './evaluation-spec.ts';

export interface RenderedChart {
  readonly png: Uint8Array;
  readonly title: string;
  readonly altText: string;
}

/** Times the layout's size: sharp on the screens people have, and below 100 kB. */
const ZOOM = 1.6;

/**
 * A picture of an evaluation: change of the deciding figure with its interval, and every class.
 * The same run gives the same bytes: fonts come with the package, nothing is asked of the system.
 */
export async function drawEvaluationChart(run: Run, facts: ModelFacts): Promise<RenderedChart> {
  const { evaluation, verdict } = run;
  if (evaluation === null) throw new Error(`Run ${run.id} has no evaluation to draw.`);
  const title = `${run.model}: candidate on ${evaluation.rows} held-out rows`;
  const spec = evaluationSpec({
    title,
    evaluation,
    verdict,
    metric: facts.metric,
    productionName: run.evaluatedAgainst === null ? 'production' : `v${run.evaluatedAgainst}`,
  });
  const { spec: compiled } = compile(spec, { logger: silent });
  const view = new View(parse(compiled), { renderer: 'none', logger: silent });
  const svg = await view.toSVG();
  view.finalize();
  const png = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: ZOOM },
    font: {
      loadSystemFonts: false,
      fontFiles: ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map(fontPath),
      defaultFontFamily: 'DejaVu Sans',
    },
  })
    .render()
    .asPng();
  return { png, title, altText: altTextOf(run, facts) };
}

const silent = logger(None);

function fontPath(file: string): string {
  return createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${file}`);
}

/** What the picture says, for those who do not see it. */
function altTextOf(run: Run, facts: ModelFacts): string {
  const { evaluation } = run;
  const classes = Object.entries(evaluation?.candidate.perClass ?? {}).map(([label, { f1 }]) => {
    const before = evaluation?.production?.perClass[label]?.f1;
    const change = before === undefined ? '' : ` (${points(f1 - before)})`;
    return `${shown(label, 30)} ${f1.toFixed(3)}${change}`;
  });
  return truncate(
    `Bar chart. ${scorePhrase(run, facts)}. F1 per class: ${classes.join(', ')}.`,
    1_000,
  );
}
