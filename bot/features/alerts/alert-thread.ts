import { type Alert, isOpen } from '../../../pipeline/core/alert/alert.ts';
import {
  alertHeadline,
  observationText,
  sampleText,
  thresholdText,
} from '../../blocks/alert-words.ts';
import { shown } from '../../blocks/escape.ts';
import { capitalised } from '../../blocks/format.ts';
import type { ModelFacts } from '../../blocks/message.ts';
import { bold, type Inline, instant, mention } from '../../blocks/rich-text.ts';
import { entry, type ThreadEntry } from '../../blocks/thread-entry.ts';
import { endLine } from './alert-card.ts';

/** Most operators mentioned; larger teams use user groups in practice. */
const MAX_NAMED = 10;

/** The entries in the thread of an alert, in order; an entry keeps its meaning. */
export function alertThread(
  alert: Alert,
  facts: ModelFacts,
  { operators }: { readonly operators: readonly string[] },
): readonly ThreadEntry[] {
  return [openedEntry(alert, facts, operators), acknowledgedEntry(alert), endedEntry(alert)].filter(
    (each) => each !== null,
  );
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
  return {
    ...entry(
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
        `Use the buttons above to acknowledge the alert, mute it or, if there is an earlier version, roll back. /mlops retrain ${model} trains a new candidate.`,
      ],
    ),
    chart: 'alert',
  };
}

function acknowledgedEntry({ acknowledged }: Alert): ThreadEntry | null {
  if (acknowledged === null) return null;
  const text = `Acknowledged by ${shown(acknowledged.by.name, 40)}`;
  return entry('acknowledged', text, [bold(`${text} `), instant(acknowledged.at)]);
}

/** Null when the alert ended while muted: then only the card says so. */
function endedEntry(alert: Alert): ThreadEntry | null {
  if (isOpen(alert) || alert.ended === null || alert.ended.silently) return null;
  return entry('ended', alertHeadline(alert), [...endLine(alert), '.']);
}
