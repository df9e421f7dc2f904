import type { Correction, Prediction } from '../../pipeline/core/corrections.ts';
import { correctionsMessage } from '../features/corrections/corrections-message.ts';
import { askedText, readAsked } from '../features/predict/asked.ts';
import { predictionMessage } from '../features/predict/prediction-message.ts';
import { answerModal, correctionModal, tryModal } from '../features/predict/try-modals.ts';
import { answers, modals, type Section } from './example.ts';
import { sampleNow } from './sample-fleet.ts';
import { manyLabels, nastyNames } from './sample-parts.ts';

const prediction: Prediction = {
  model: 'spam',
  version: 7,
  label: 'spam',
  score: 0.874,
  scores: [
    { label: 'spam', score: 0.874 },
    { label: 'ham', score: 0.126 },
  ],
};
const text = 'Please find the invoice for November attached.';
const [nasty = ''] = nastyNames;
const many: Prediction = {
  ...prediction,
  label: manyLabels[0] ?? '',
  scores: manyLabels.map((label) => ({ label, score: 1 / manyLabels.length })),
};
const correction: Correction = {
  model: 'spam',
  input: text,
  label: 'ham',
  predicted: 'spam',
  version: 7,
  by: { kind: 'person', id: 'U0ADA', name: 'Ada' },
  at: '2026-11-20T09:12:00.000Z',
};

/** Asking the model in production, and correcting its answer. */
export function trySections(): readonly Section[] {
  const asked = readAsked(askedText(prediction, text));
  return [
    modals('Try it', [
      ['text', tryModal({ name: 'spam', title: 'Spam filter', version: 7, example: null })],
      [
        'features',
        tryModal({
          name: 'tumour',
          title: nasty.slice(0, 60),
          version: 7,
          example: '{"radius":1}',
        }),
      ],
      ['answer', answerModal(prediction, text, ['spam', 'ham'])],
      ['answer, many classes', answerModal(many, nasty.repeat(8), manyLabels)],
      ['answer of an older version', answerModal({ ...prediction, scores: [] }, text, [])],
      ...(asked === null
        ? []
        : [['correction', correctionModal(asked, askedText(prediction, text), ['ham'])] as const]),
    ]),
    answers('Answers of a model', [
      ['two classes', predictionMessage(prediction, text)],
      ['many classes', predictionMessage(many, nasty)],
      ['features', predictionMessage(prediction, { radius: 17.99, smooth: true })],
    ]),
    answers('Corrections', [
      ['none', correctionsMessage('spam', { count: 0, newest: [] }, sampleNow)],
      ['one', correctionsMessage('spam', { count: 1, newest: [correction] }, sampleNow)],
      [
        'many',
        correctionsMessage(
          'spam',
          {
            count: 400,
            newest: nastyNames.map((input) => ({ ...correction, input, label: input })),
          },
          sampleNow,
        ),
      ],
    ]),
  ];
}
