import { type Alert, parseAlertId } from '../../../pipeline/core/alert/alert.ts';
import type { Run } from '../../../pipeline/core/run.ts';
import { alertHeadline, observationText, sampleText } from '../../blocks/alert-words.ts';
import { announcedAlert } from '../../blocks/announced-as.ts';
import { message, modelFacts } from '../../blocks/message.ts';
import { bold, type Line, lines, link } from '../../blocks/rich-text.ts';
import type { CommandInput, CommandTools, Reply } from '../../interaction/command.ts';
import { alertLine } from '../alerts/alerts-message.ts';
import { changeLines, whenText } from '../alerts/change-words.ts';

const MOST_ALERTS = 5;

/**
 * Why there is an alert: what was measured, and what changed before. About the alert that is named,
 * or in whose thread it is asked, else about the open ones; null when there is none.
 */
export async function alertsAnswer(
  { tools, caller, words }: CommandInput,
  model: string | null,
): Promise<Reply | null> {
  const named = (await alertNamed(tools, words)) ?? (await alertOfThread(tools, caller.about));
  const alerts = named === null ? await openOrLatest(tools, model) : [named];
  if (alerts.length === 0) return null;
  const explained = await Promise.all(alerts.map((alert) => explain(tools, alert)));
  return { ...message('Why there is an alert', [lines(...explained.flat())]), data: alerts };
}

/** The alert whose id one of the words is. */
export async function alertNamed(
  { pipeline }: Pick<CommandTools, 'pipeline'>,
  words: readonly string[],
): Promise<Alert | null> {
  const id = words.find((word) => parseAlertId(word) !== null);
  return id === undefined ? null : pipeline.getAlert(id);
}

/** Alerts before which the run changed production or brought the data, nearest cause or not. */
export async function alertsAfter(tools: CommandTools, run: Run): Promise<readonly Line[]> {
  const alerts = await tools.pipeline.listAlerts({ model: run.model, limit: MOST_ALERTS });
  return alerts.flatMap((alert): Line[] => {
    const own = alert.opened?.changes?.find(
      ({ change }) => change.kind !== 'traffic' && change.runId === run.id,
    );
    return own === undefined
      ? []
      : [[bold(alertHeadline(alert)), `, started ${whenText(own)} (alert ${alert.id})`]];
  });
}

async function alertOfThread(
  { pipeline }: CommandTools,
  about: CommandInput['caller']['about'],
): Promise<Alert | null> {
  return about?.alertId === undefined ? null : pipeline.getAlert(about.alertId);
}

async function openOrLatest(
  { pipeline }: CommandTools,
  model: string | null,
): Promise<readonly Alert[]> {
  const query = model === null ? {} : { model };
  const open = await pipeline.listAlerts({ ...query, open: true, limit: MOST_ALERTS });
  return open.length > 0 ? open : pipeline.listAlerts({ ...query, limit: 1 });
}

async function explain({ config, cardLink }: CommandTools, alert: Alert): Promise<readonly Line[]> {
  const facts = modelFacts(config, alert.model);
  const { opened } = alert;
  const address = await cardLink(announcedAlert(alert.id));
  return [
    [
      ...alertLine(alert, facts.metric),
      ...(address === null ? [] : [' · ', link(address, 'open the card')]),
    ],
    ...(opened === null
      ? []
      : [[observationText(alert.kind, opened.by, facts), ', ', sampleText(opened.by)]]),
    ...(opened?.changes === undefined ? [] : changeLines(opened.changes)),
  ];
}
