import type { Alert } from '../../../pipeline/core/alert/alert.ts';
import type { Config, GatePolicy } from '../../../pipeline/core/config.ts';
import { alertHeadline, figureText, figureTitle } from '../../blocks/alert-words.ts';
import { answer } from '../../blocks/answer.ts';
import { shown } from '../../blocks/escape.ts';
import { type Message, message } from '../../blocks/message.ts';
import {
  bold,
  bullets,
  type Inline,
  instant,
  type Line,
  richText,
  section,
} from '../../blocks/rich-text.ts';

/** The answer of `/mlops alerts`: open alerts, then recent ones. */
export function alertsMessage(
  open: readonly Alert[],
  before: readonly Alert[],
  config: Config,
): Message {
  const line = (each: Alert) =>
    alertLine(each, config.models[each.model]?.gate.metric ?? 'macro_f1');
  const title = open.length === 0 ? 'No open alerts' : 'Open alerts';
  return message(title, [
    richText(
      section(bold(title)),
      ...(open.length === 0 ? [] : [bullets(open.map(line))]),
      ...(before.length === 0 ? [] : [section('Recent alerts'), bullets(before.map(line))]),
    ),
  ]);
}

/** An alert in one line, also for the Home tab. */
export function alertLine(alert: Alert, metric: GatePolicy['metric']): Line {
  const { kind, opened, acknowledged, observations } = alert;
  const last = observations.at(-1);
  return [
    alertHeadline(alert),
    ` · ${figureTitle(kind, { metric })} ${last === undefined ? '?' : figureText(kind, last.value)}`,
    ...(opened === null
      ? []
      : ([' · since ', instant(opened.since, 'date and time')] satisfies Inline[])),
    acknowledged === null ? '' : ` · acknowledged by ${shown(acknowledged.by.name, 40)}`,
  ];
}

/** The answer to a mute. */
export function muteAnswer(model: string, until: string, reason: string | null): Message {
  return answer(
    `Alerts for ${model} are muted.`,
    ['Until ', instant(until, 'date and time'), reason ? `: ${shown(reason, 200)}` : ''],
    `Anything still regressing then will be announced. /mlops unmute ${model} ends the mute early.`,
  );
}

/** The answer to an unmute. */
export function unmuteAnswer(model: string): Message {
  return answer(`Alerts for ${model} are on.`, 'Regressions are announced in the channel.');
}
