import type { KnownBlock } from '@slack/types';
import type { ModalView } from '@slack/web-api';
import type { ModelInput, Prediction } from '../../../pipeline/core/corrections.ts';
import { shown, truncate } from '../../blocks/escape.ts';
import { modalText } from '../../blocks/modal.ts';
import { bold, lines } from '../../blocks/rich-text.ts';
import { type Asked, askedText } from './asked.ts';
import { predictionBlock } from './prediction-message.ts';

export const tryFormId = 'model.try';
export const correctFormId = 'model.correct';

export const tryFields = { input: 'input', label: 'label', action: 'value' } as const;

/** Slack allows 3,000 characters of metadata, and JSON writes some characters as two. */
const MOST_CHARACTERS = 1_400;
const MOST_METADATA = 3_000;
/** Slack's limits for a menu. */
const MOST_OPTIONS = 100;
const MOST_VALUE = 150;

/** Asks what to ask the model: a text, or features as JSON with an example. */
export function tryModal(model: {
  readonly name: string;
  readonly title: string;
  readonly version: number;
  /** Features to begin with; null: the model takes a text. */
  readonly example: string | null;
}): ModalView {
  const { name, title, version, example } = model;
  const isFeatures = example !== null;
  return {
    type: 'modal',
    callback_id: tryFormId,
    private_metadata: name,
    title: modalText(`Try ${name}`),
    submit: modalText('Ask'),
    close: modalText('Close'),
    blocks: [
      lines([bold(`${title} v${version}`), ', as it answers in production.']),
      {
        type: 'input',
        block_id: tryFields.input,
        label: plain(isFeatures ? 'Features (JSON)' : 'Text'),
        element: {
          type: 'plain_text_input',
          action_id: tryFields.action,
          multiline: true,
          max_length: MOST_CHARACTERS,
          ...(isFeatures ? { initial_value: example.slice(0, MOST_CHARACTERS) } : {}),
        },
      },
    ],
  };
}

/** The answer, and which class would have been right. */
export function answerModal(
  prediction: Prediction,
  input: ModelInput,
  classes: readonly string[],
): ModalView {
  const metadata = askedText(prediction, input);
  const asked = { model: prediction.model, predicted: prediction.label };
  return correctionView(asked, metadata, classes, [predictionBlock(prediction, input)]);
}

/** Asks for the right class of an answer that was shown in a message. */
export function correctionModal(asked: Asked, metadata: string, classes: readonly string[]) {
  const input = typeof asked.input === 'string' ? asked.input : JSON.stringify(asked.input);
  return correctionView(asked, metadata, classes, [
    lines([bold(`${asked.model}: ${shown(asked.predicted, 60)}`)], ['Asked: ', shown(input, 300)]),
  ]);
}

function correctionView(
  { model, predicted }: Pick<Asked, 'model' | 'predicted'>,
  metadata: string,
  classes: readonly string[],
  above: readonly KnownBlock[],
): ModalView {
  const others = classes
    .filter((label) => label !== predicted && label !== '' && label.length <= MOST_VALUE)
    .slice(0, MOST_OPTIONS);
  const frame = {
    type: 'modal' as const,
    title: modalText(`Try ${model}`),
    close: modalText('Close'),
  };
  if (others.length === 0 || metadata.length > MOST_METADATA) {
    return { ...frame, blocks: [...above] };
  }
  return {
    ...frame,
    callback_id: correctFormId,
    private_metadata: metadata,
    submit: modalText('Keep as correction'),
    blocks: [
      ...above,
      {
        type: 'input',
        block_id: tryFields.label,
        label: plain('This is wrong: it should be'),
        hint: plain(
          'Kept for a later dataset, with your name. Nothing is trained on it by itself.',
        ),
        element: {
          type: 'static_select',
          action_id: tryFields.action,
          options: others.map((label) => ({ text: plain(truncate(label, 75)), value: label })),
        },
      },
    ],
  };
}

function plain(text: string) {
  return { type: 'plain_text' as const, text, emoji: false };
}
