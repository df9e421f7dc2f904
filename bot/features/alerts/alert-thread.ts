import type { Alert } from '../../../pipeline/core/alert/alert.ts';
import {
  figureText,
  figureTitle,
  observationText,
  sampleText,
  thresholdText,
} from '../../blocks/alert-words.ts';
import { shown } from '../../blocks/escape.ts';
import { capitalised, plural } from '../../blocks/format.ts';
import { type ModelFacts, message } from '../../blocks/message.ts';
import { bold, type Inline, instant, lines, mention } from '../../blocks/rich-text.ts';
import { entry, type ThreadEntry } from '../../blocks/thread-entry.ts';
import { alertChart } from './alert-chart.ts';
import { summaryEntry } from './alert-summary.ts';
import { changeLines, whenText } from './change-words.ts';

/** Most operators mentioned; larger teams use user groups in practice. */
const MAX_NAMED = 10;
/** Most figures in words, where Slack shows no chart. */
const MAX_FIGURES = 5;

/** The entries in the thread of an alert, in order; an entry keeps its meaning. */
export function alertThread(
  alert: Alert,
  facts: ModelFacts,
  { operators }: { readonly operators: readonly string[] },
): readonly ThreadEntry[] {
  return [
    openedEntry(alert, facts, operators),
    changesEntry(alert),
    chartEntry(alert, facts),
    acknowledgedEntry(alert),
    summaryEntry(alert, facts),
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
  const title = `${model} v${by.version}: ${observationText(kind, by, facts)}`;
  return entry(
    'opened',
    title,
    [
      ...operators
        .slice(0, MAX_NAMED)
        .flatMap((id, index): Inline[] => [index === 0 ? '' : ', ', mention(id)]),
      operators.length === 0 ? '' : ': ',
      bold(title),
    ],
    [
      `${capitalised(thresholdText(kind, by.threshold))}. Measured `,
      sampleText(by),
      ', starting ',
      instant(since, 'date and time'),
      '.',
    ],
    [
      kind === 'input_drift'
        ? `The version answers as before, so nothing is rolled back: look at what callers send. Retrain on rows like it with /mlops retrain ${model}, or say with the buttons above that these inputs are normal.`
        : `Use the buttons above to acknowledge the alert, mute it or, if there is an earlier version, roll back. A better candidate that waits for approval is linked there; /mlops retrain ${model} trains one.`,
    ],
  );
}

/** What preceded it, as it was known when the alert opened. */
function changesEntry({ opened }: Alert): ThreadEntry | null {
  const changes = opened?.changes;
  if (changes === undefined) return null;
  const [nearest] = changes;
  const text =
    nearest === undefined ? 'No change is recorded before it' : `Started ${whenText(nearest)}`;
  return entry('changes', text, ...changeLines(changes));
}

/** The figure over time, edited with every observation until the alert ends. */
function chartEntry(alert: Alert, facts: ModelFacts): ThreadEntry | null {
  const { kind, observations, opened } = alert;
  const chart = alertChart(alert, facts);
  const last = observations.at(-1);
  if (opened === null || chart === null || last === undefined) return null;
  const values = observations.slice(-MAX_FIGURES).map(({ value }) => figureText(kind, value));
  const words = `${figureTitle(kind, facts)} of the last ${plural(values.length, 'observation')}: ${values.join(', ')}; ${thresholdText(kind, last.threshold)}`;
  return { key: 'chart', ...message(words, [chart]), simpler: [lines([`${words}.`])] };
}

function acknowledgedEntry({ acknowledged }: Alert): ThreadEntry | null {
  if (acknowledged === null) return null;
  const text = `Acknowledged by ${shown(acknowledged.by.name, 40)}`;
  return entry('acknowledged', text, [bold(`${text} `), instant(acknowledged.at)]);
}
