import { type Alert, isOpen } from '../../../pipeline/core/alert/alert.ts';
import type { RulePrecision } from '../../../pipeline/core/alert/votes.ts';
import type { Config, GatePolicy } from '../../../pipeline/core/config.ts';
import { alertHeadline, figureText, figureTitle } from '../../blocks/alert-words.ts';
import { answer } from '../../blocks/answer.ts';
import { shown } from '../../blocks/escape.ts';
import { itemWithMenu, type MenuItem, openCard } from '../../blocks/menu.ts';
import { type Message, message } from '../../blocks/message.ts';
import { lineText } from '../../blocks/plain-text.ts';
import { bold, type Inline, instant, type Line, lines } from '../../blocks/rich-text.ts';
import { precisionLine } from './alert-vote.ts';

/** Rules listed; a team with more asks for one model. */
const MOST_RULES = 20;

/** The answer of `/mlops alerts`: open alerts, recent ones, and the precision of each rule. */
export function alertsMessage(
  open: readonly ListedAlert[],
  before: readonly ListedAlert[],
  {
    config,
    precision,
  }: {
    readonly config: Pick<Config, 'models'>;
    readonly precision: readonly RulePrecision[];
  },
): Message {
  const metricOf = (model: string) => config.models[model]?.gate.metric ?? 'macro_f1';
  const listed = [...open, ...before].map(({ alert }) => alert.model);
  const isOfSeveral = new Set([...listed, ...precision.map(({ model }) => model)]).size > 1;
  const rules = precision
    .slice(0, MOST_RULES)
    .map((rule) => precisionLine(rule, metricOf(rule.model), { model: isOfSeveral }));
  const item = ({ alert, link }: ListedAlert) =>
    itemWithMenu(lineText(alertLine(alert, metricOf(alert.model))), [
      openCard(link),
      ...alertMenu(alert),
    ]);
  const title = open.length === 0 ? 'No open alerts' : 'Open alerts';
  return message(title, [
    lines([bold(title)]),
    ...open.map(item),
    ...(before.length === 0 ? [] : [lines([bold('Recent alerts')]), ...before.map(item)]),
    ...(rules.length === 0
      ? []
      : [lines([bold('How often an alert was right, by those who answered')], ...rules)]),
  ]);
}

/** An alert with the address of its card. */
export interface ListedAlert {
  readonly alert: Alert;
  readonly link: string | null;
}

/** What can be done about an open alert, as commands. */
function alertMenu(alert: Alert): readonly (MenuItem | null)[] {
  const { id, model, mute, rollbackTo } = alert;
  const why = { label: 'Why?', command: `why ${id}` };
  if (!isOpen(alert)) return [why, { label: 'Versions', command: `versions ${model}` }];
  return [
    why,
    mute === null
      ? { label: 'Mute for 8 hours', command: `mute ${model} 8h` }
      : { label: 'Unmute', command: `unmute ${model}` },
    rollbackTo === null
      ? null
      : { label: `Roll back to v${rollbackTo}…`, command: `rollback ${model} v${rollbackTo}` },
  ];
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
