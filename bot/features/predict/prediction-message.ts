import type { ModelInput, Prediction } from '../../../pipeline/core/corrections.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { button } from '../../blocks/button.ts';
import { columns } from '../../blocks/columns.ts';
import { shown } from '../../blocks/escape.ts';
import { type Message, message } from '../../blocks/message.ts';
import { bold, type Line, preformatted, richText, section } from '../../blocks/rich-text.ts';
import { askedText } from './asked.ts';

const MOST_CLASSES = 12;
/** Slack's limit for the value of a button. */
const MOST_VALUE = 2_000;
const BAR = 20;

/** The answer of a model with the score of every class. */
export function predictionBlock(prediction: Prediction, input: ModelInput) {
  const { scores } = prediction;
  const rest = scores.length - MOST_CLASSES;
  const rows = scores
    .slice(0, MOST_CLASSES)
    .map(({ label, score }) => [
      shown(label, 30),
      percentage(score),
      '█'.repeat(Math.round(score * BAR)),
    ]);
  const more = rest > 0 ? `\nand ${rest} more` : '';
  return richText(
    section(...headLine(prediction)),
    section('Asked: ', shown(typeof input === 'string' ? input : JSON.stringify(input), 200)),
    preformatted(`${columns(rows)}${more}`),
    ...(scores.length === 1
      ? [section('This version says only its best class; the next retrain says all.')]
      : []),
  );
}

function headLine({ model, version, label, score }: Prediction): Line {
  const name = version === null ? model : `${model} v${version}`;
  return [bold(`${name}: ${shown(label, 60)}`), ` (${percentage(score)})`];
}

const percentage = (score: number): string => `${(score * 100).toFixed(1)} %`;

/** The same as a message, with a button for a wrong answer. */
export function predictionMessage(prediction: Prediction, input: ModelInput): Message {
  const value = askedText(prediction, input);
  const { model, label } = prediction;
  return message(`${model} answers ${shown(label, 60)}`, [
    predictionBlock(prediction, input),
    ...(value.length > MOST_VALUE
      ? []
      : [
          {
            type: 'actions' as const,
            block_id: 'prediction',
            elements: [button(actionIds.correct, 'This is wrong…', value)],
          },
        ]),
  ]);
}
