import type { Run } from '../../../pipeline/core/run.ts';
import { shown, truncate } from '../../blocks/escape.ts';
import { plural, points } from '../../blocks/format.ts';
import type { ModelFacts } from '../../blocks/message.ts';
import { type RenderedChart, renderChart } from '../../blocks/render-chart.ts';
import { scorePhrase } from '../../blocks/scores.ts';
import { evaluationSpec } from './evaluation-spec.ts';

/** A picture of an evaluation: change of the deciding figure with its interval, and every class. */
export async function drawEvaluationChart(run: Run, facts: ModelFacts): Promise<RenderedChart> {
  const { evaluation, verdict } = run;
  if (evaluation === null) throw new Error(`Run ${run.id} has no evaluation to draw.`);
  const title = `${shown(run.model, 24)}: ${plural(evaluation.rows, 'held-out row')}`;
  const spec = evaluationSpec({
    title,
    evaluation,
    verdict,
    metric: facts.metric,
    productionName: run.evaluatedAgainst === null ? 'production' : `v${run.evaluatedAgainst}`,
  });
  const png = await renderChart(spec);
  return { png, title, altText: altTextOf(run, facts) };
}

/** What the picture says, for those who do not see it. */
function altTextOf(run: Run, facts: ModelFacts): string {
  const { evaluation } = run;
  const classes = Object.entries(evaluation?.candidate.perClass ?? {}).map(([label, { f1 }]) => {
    const before = evaluation?.production?.perClass[label]?.f1;
    const change = before === undefined ? '' : ` (${points(f1 - before)})`;
    return `${shown(label, 30)} ${f1.toFixed(3)}${change}`;
  });
  const against = run.evaluatedAgainst === null ? '' : ` against v${run.evaluatedAgainst}`;
  return truncate(
    `Dot plot of candidate${against}. ${scorePhrase(run, facts)}${intervalOf(run)}. F1 per class: ${classes.join(', ')}.`,
    1_000,
  );
}

function intervalOf({ verdict }: Run): string {
  if (!verdict?.difference) return '';
  const { lower, upper } = verdict.difference;
  return `, 90 % interval ${points(lower)} to ${points(upper)}`;
}
