import { type Alert, isOpen } from '../../../pipeline/core/alert/alert.ts';
import { actorFirst } from '../../blocks/actor.ts';
import {
  alertHeadline,
  figureText,
  newest,
  observationText,
  sampleText,
  thresholdSettings,
  thresholdText,
} from '../../blocks/alert-words.ts';
import { shown, truncate } from '../../blocks/escape.ts';
import { duration, secondsBetween } from '../../blocks/format.ts';
import { type Message, type ModelFacts, message } from '../../blocks/message.ts';
import { bold, instant, italic, type Line, lines, link } from '../../blocks/rich-text.ts';
import { scorePhrase } from '../../blocks/scores.ts';
import { alertButtons } from './alert-buttons.ts';
import { voteBlocks } from './alert-vote.ts';
import type { Cure } from './find-cure.ts';

/** The root message of an alert: what regressed, by how much, since when, and who acknowledged it. */
export function alertCard(alert: Alert, facts: ModelFacts, cure: Cure | null = null): Message {
  const title = alertHeadline(alert);
  const sections: readonly (readonly Line[])[] = [
    [figureLine(alert, facts), sinceLine(alert), nowLine(alert)],
    [cure === null || !isOpen(alert) ? [] : cureLine(cure, facts)],
    [acknowledgedLine(alert), muteLine(alert), endLine(alert)],
  ];
  return message(title, [
    { type: 'header', text: { type: 'plain_text', text: truncate(title, 150), emoji: true } },
    ...sections
      .map((section) => section.filter((line) => line.length > 0))
      .filter((section) => section.length > 0)
      .map((section) => lines(...section)),
    ...alertButtons(alert),
    ...voteBlocks(alert),
    footer(alert, facts),
  ]);
}

function cureLine({ run, link: address }: Cure, facts: ModelFacts): Line {
  return [
    bold(`✋ ${run.model} v${run.version} scored better and is waiting for approval`),
    `: ${scorePhrase(run, facts)}`,
    ...(address === null
      ? [` · /mlops approve ${run.model} v${run.version}`]
      : [' · ', link(address, 'open its card')]),
  ];
}

function figureLine({ kind, opened }: Alert, facts: ModelFacts): Line {
  if (opened === null) return [];
  const { by } = opened;
  return [bold(observationText(kind, by, facts)), `; ${thresholdText(kind, by.threshold)}`];
}

function sinceLine({ opened }: Alert): Line {
  if (opened === null) return [];
  return ['Since ', instant(opened.since, 'date and time'), `, ${sampleText(opened.by)}`];
}

function nowLine(alert: Alert): Line {
  const { kind, worst } = alert;
  const last = newest(alert);
  if (last === null || worst === null) return [];
  return [
    bold(`Now ${figureText(kind, last.value)} `),
    sampleText(last),
    last.at === worst.at ? ', the worst so far' : `, at worst ${figureText(kind, worst.value)}`,
  ];
}

function acknowledgedLine({ acknowledged }: Alert): Line {
  if (acknowledged === null) return [];
  const { by, at } = acknowledged;
  return [bold(`Acknowledged by ${shown(by.name, 40)} `), instant(at, 'date and time')];
}

function muteLine(alert: Alert): Line {
  const { mute } = alert;
  if (mute === null || !isOpen(alert)) return [];
  const reason = shown(mute.reason ?? '', 200);
  return [
    `Muted by ${shown(mute.by.name, 40)} until `,
    instant(mute.until, 'date and time'),
    ...(reason === '' ? [] : [': ', italic(reason)]),
  ];
}

/** When and how the alert ended; the summary in the thread says the rest. */
function endLine({ opened, ended, kind, worst, status, normalInputs }: Alert): Line {
  if (opened === null || ended === null) return [];
  if (status === 'accepted')
    return [
      bold(`${normalInputs === undefined ? 'Someone' : actorFirst(normalInputs.by)} said so `),
      instant(ended.at, 'date and time'),
      '; later inputs are compared with those since ',
      instant(opened.since, 'date and time'),
    ];
  if (status === 'retired')
    return ['Ended ', instant(ended.at, 'date and time'), '; nothing serves'];
  const took = duration(secondsBetween(opened.since, ended.at));
  const atWorst = worst === null ? '' : `, at worst ${figureText(kind, worst.value)}`;
  return ended.replacedBy === null
    ? ['Recovered ', instant(ended.at, 'date and time'), ` after ${took}${atWorst}`]
    : [
        `v${ended.replacedBy} went live and was watched until `,
        instant(ended.at, 'date and time'),
        `; alerts on v${ended.replacedBy} are separate`,
      ];
}

function footer({ id, kind }: Alert, { title }: ModelFacts) {
  const text = `${title} · alert ${id} · limit: ${thresholdSettings[kind]} in mlops.config.ts`;
  return {
    type: 'context' as const,
    elements: [{ type: 'plain_text' as const, text: truncate(text, 300), emoji: false }],
  };
}
