import { type Alert, isOpen } from '../../../pipeline/core/alert/alert.ts';
import {
  alertHeadline,
  figureText,
  figureTitle,
  observationText,
  sampleText,
  thresholdText,
} from '../../blocks/alert-words.ts';
import { shown } from '../../blocks/escape.ts';
import { plural } from '../../blocks/format.ts';
import { type ModelFacts, message } from '../../blocks/message.ts';
import { bold, type Inline, instant, lines, mention } from '../../blocks/rich-text.ts';
import { entry, type ThreadEntry } from '../../blocks/thread-entry.ts';
import { endLine } from './alert-card.ts';
import { alertChart } from './alert-chart.ts';

/** Most operators named; more than that are groups in practice. */
const MOST_NAMED = 10;
/** Most figures in words, where Slack shows no chart. */
const MOST_FIGURES = 5;

/** Everything the thread of an alert tells, in order; entries never change what they mean. */
export function alertThread(
  alert: Alert,
  facts: ModelFacts,
  { operators }: { readonly operators: readonly string[] },
): readonly ThreadEntry[] {
  return [
    openedEntry(alert, facts, operators),
    chartEntry(alert, facts),
    acknowledgedEntry(alert),
    endedEntry(alert),
  ].filter((each) => each !== null);
}

/** The one message that mentions the operators; its text never changes, so it is never edited. */
function openedEntry(
  { model, kind, opened }: Alert,
  facts: ModelFacts,
  operators: readonly string[],
): ThreadEntry | null {
  if (opened === null) return null;
  const { by, since } = opened;
  const told = observationText(kind, by, facts);
  const what = `${model} v${by.version}: ${told}`;
  return entry(
    'opened',
    what,
    [
      ...operators
        .slice(0, MOST_NAMED)
        .flatMap((id, index): Inline[] => [index === 0 ? '' : ', ', mention(id)]),
      operators.length === 0 ? '' : ': ',
      bold(what),
    ],
    [
      `${capitalised(thresholdText(kind, by.threshold))}. Measured `,
      sampleText(by),
      ', beginning ',
      instant(since, 'date and time'),
      '.',
    ],
    [
      `The buttons above acknowledge it, mute it or, once there is an earlier version, go back. /mlops retrain ${model} trains anew.`,
    ],
  );
}

/** The figure over time, edited with every look until the alert is over. */
function chartEntry(alert: Alert, facts: ModelFacts): ThreadEntry | null {
  const { kind, observations, opened } = alert;
  const chart = alertChart(alert, facts);
  const last = observations.at(-1);
  if (opened === null || chart === null || last === undefined) return null;
  const values = observations.slice(-MOST_FIGURES).map(({ value }) => figureText(kind, value));
  const words = `${figureTitle(kind, facts)} of the last ${plural(values.length, 'look')}: ${values.join(', ')}; ${thresholdText(kind, last.threshold)}`;
  return { key: 'chart', ...message(words, [chart]), simpler: [lines([`${words}.`])] };
}

function acknowledgedEntry({ acknowledged }: Alert): ThreadEntry | null {
  if (acknowledged === null) return null;
  const told = `${shown(acknowledged.by.name, 40)} looks after it`;
  return entry('acknowledged', told, [bold(told), ', since ', instant(acknowledged.at), '.']);
}

/** Left out when it was over while muted: the card says so. */
function endedEntry(alert: Alert): ThreadEntry | null {
  if (isOpen(alert) || alert.ended === null || alert.ended.silently) return null;
  return entry('ended', alertHeadline(alert), [...endLine(alert), '.']);
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
