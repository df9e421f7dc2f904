import type { Alert } from '../../../pipeline/core/alert/alert.ts';
import { figureTitle, observationText, thresholdText } from '../../blocks/alert-words.ts';
import { truncate } from '../../blocks/escape.ts';
import type { ModelFacts } from '../../blocks/message.ts';
import { type RenderedChart, renderChart } from '../../blocks/render-chart.ts';
import { alertSpec } from './alert-spec.ts';

/** A picture of an alert as it opened: every look, the limit, and the figure at the deployment. */
export async function drawAlertChart(alert: Alert, facts: ModelFacts): Promise<RenderedChart> {
  const { model, kind, opened, observations } = alert;
  if (opened === null) throw new Error(`The alert ${alert.id} has not opened.`);
  const title = `${model}: ${figureTitle(kind, facts)} in production`;
  const png = await renderChart(alertSpec(alert, facts, title));
  const told = `${observationText(kind, opened.by, facts)}; ${thresholdText(kind, opened.by.threshold)}`;
  const looks = `${observations.length} ${observations.length === 1 ? 'look' : 'looks'}`;
  return { png, title, altText: truncate(`Line chart of ${looks}. ${told}.`, 1_000) };
}
