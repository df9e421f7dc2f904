import type { Incident } from '../../../pipeline/core/alert/alert.ts';
import { truncate } from '../../blocks/escape.ts';
import type { ModelFacts } from '../../blocks/message.ts';
import { type RenderedChart, renderChart } from '../../blocks/render-chart.ts';
import { incidentSpec } from './alert-spec.ts';
import { figureTitle, observationText, thresholdText } from './alert-words.ts';

/** A picture of an alert as it opened: every look, the limit, and the figure at the deployment. */
export async function drawIncidentChart(
  incident: Incident,
  facts: ModelFacts,
): Promise<RenderedChart> {
  const { model, kind, opened, observations } = incident;
  if (opened === null) throw new Error(`The alert ${incident.id} has not opened.`);
  const title = `${model}: ${figureTitle(kind, facts)} in production`;
  const png = await renderChart(incidentSpec(incident, facts, title));
  const told = `${observationText(kind, opened.by, facts)}; ${thresholdText(kind, opened.by.threshold)}`;
  const looks = `${observations.length} ${observations.length === 1 ? 'look' : 'looks'}`;
  return { png, title, altText: truncate(`Line chart of ${looks}. ${told}.`, 1_000) };
}
