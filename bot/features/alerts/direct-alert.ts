import { type Alert, isOpen } from '../../../pipeline/core/alert/alert.ts';
import { alertHeadline, observationText } from '../../blocks/alert-words.ts';
import { type Message, type ModelFacts, message } from '../../blocks/message.ts';
import { bold, instant, type Line, lines, link } from '../../blocks/rich-text.ts';

/** An alert as a direct message; its figures and buttons are on the card that it links. */
export function directAlert(alert: Alert, facts: ModelFacts, address: string | null): Message {
  const { opened, ended, kind } = alert;
  const title = alertHeadline(alert);
  const figure: Line =
    opened === null ? [] : [`When it opened: ${observationText(kind, opened.by, facts)}`];
  const over: Line =
    isOpen(alert) || ended === null ? [] : ['It ended ', instant(ended.at, 'date and time'), '.'];
  const open: Line = address === null ? [] : [link(address, 'Open the card')];
  return message(title, [lines([bold(title)], figure, over, open)]);
}
