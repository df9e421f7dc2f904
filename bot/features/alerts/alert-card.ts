import { type Incident, isOpen } from '../../../pipeline/core/alert/alert.ts';
import { shown, truncate } from '../../blocks/escape.ts';
import { duration, secondsBetween } from '../../blocks/format.ts';
import { type Message, type ModelFacts, message } from '../../blocks/message.ts';
import { bold, instant, italic, type Line, lines } from '../../blocks/rich-text.ts';
import { incidentButtons } from './alert-buttons.ts';
import {
  figureText,
  incidentHeadline,
  newest,
  observationText,
  sampleText,
  thresholdSettings,
  thresholdText,
} from './alert-words.ts';

/** The root message of an alert: what regressed, by how much, since when, and who looks after it. */
export function incidentCard(incident: Incident, facts: ModelFacts): Message {
  const title = incidentHeadline(incident);
  const sections: readonly (readonly Line[])[] = [
    [figureLine(incident, facts), sinceLine(incident), nowLine(incident)],
    [acknowledgedLine(incident), muteLine(incident), endLine(incident)],
  ];
  return message(title, [
    { type: 'header', text: { type: 'plain_text', text: truncate(title, 150), emoji: true } },
    ...sections
      .map((section) => section.filter((line) => line.length > 0))
      .filter((section) => section.length > 0)
      .map((section) => lines(...section)),
    ...incidentButtons(incident),
    footer(incident, facts),
  ]);
}

function figureLine({ kind, opened }: Incident, facts: ModelFacts): Line {
  if (opened === null) return [];
  const { by } = opened;
  const told = observationText(kind, by, facts);
  return [bold(told), `; ${thresholdText(kind, by.threshold)}`];
}

function sinceLine({ opened }: Incident): Line {
  if (opened === null) return [];
  return ['Since ', instant(opened.since, 'date and time'), `, ${sampleText(opened.by)}`];
}

function nowLine(incident: Incident): Line {
  const { kind, worst } = incident;
  const last = newest(incident);
  if (last === null || worst === null) return [];
  return [
    bold(`Now ${figureText(kind, last.value)} `),
    sampleText(last),
    last.at === worst.at ? ', the worst so far' : `, at worst ${figureText(kind, worst.value)}`,
  ];
}

function acknowledgedLine({ acknowledged }: Incident): Line {
  if (acknowledged === null) return [];
  const { by, at } = acknowledged;
  return [bold(`${shown(by.name, 40)} looks after it`), ', since ', instant(at, 'date and time')];
}

function muteLine(incident: Incident): Line {
  const { mute } = incident;
  if (mute === null || !isOpen(incident)) return [];
  return [
    `Muted by ${shown(mute.by.name, 40)} until `,
    instant(mute.until, 'date and time'),
    ...(mute.reason === null ? [] : [': ', italic(shown(mute.reason, 200))]),
  ];
}

/** When it was over and how long it took, also for the thread. */
export function endLine({ opened, ended, kind, worst }: Incident): Line {
  if (opened === null || ended === null) return [];
  const took = duration(secondsBetween(opened.since, ended.at));
  const atWorst = worst === null ? '' : `, at worst ${figureText(kind, worst.value)}`;
  return ended.replacedBy === null
    ? ['Recovered ', instant(ended.at, 'date and time'), ` after ${took}${atWorst}`]
    : [
        `v${ended.replacedBy} went live and was watched until `,
        instant(ended.at, 'date and time'),
        '; it is judged on its own',
      ];
}

function footer({ id, kind }: Incident, { title }: ModelFacts) {
  const text = `${title} · alert ${id} · limit: ${thresholdSettings[kind]} in mlops.config.ts`;
  return {
    type: 'context' as const,
    elements: [{ type: 'plain_text' as const, text: truncate(text, 300), emoji: false }],
  };
}
