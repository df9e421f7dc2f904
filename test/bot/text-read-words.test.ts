import { expect, it } from 'vitest';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { textReadWords } from '../../bot/features/run/text-read-words.ts';
import { thread } from '../../bot/features/run/thread.ts';
import { sample } from './sample.ts';

it.each([
  [{ rowsCut: 0, network: 1, ngrams: 0 }, ''],
  [
    { rowsCut: 0.9, network: 0.28, ngrams: 0 },
    '⚠️ The network reads 28 % of the tokens: 90 % of the rows are longer than max_length. Raise max_length, or set ngrams to true.',
  ],
  [
    { rowsCut: 0.9, network: 0.28, ngrams: 1 },
    'The network reads 28 % of the tokens: 90 % of the rows are longer than max_length. The n-grams are those of 100 % of the text.',
  ],
  [
    { rowsCut: 0.25, network: 0.75, ngrams: 0 },
    'The network reads 75 % of the tokens: 25 % of the rows are longer than max_length.',
  ],
])('%j is said as “%s”', (read, expected) => {
  expect(textReadWords(read)).toBe(expected);
});

it('stands in the thread of the run, with the epoch that was the best', () => {
  const run = sample('deployed');
  const metrics = run.training?.metrics;
  if (run.training === null || metrics == null) throw new Error('The sample has no training.');
  const textRead = { rowsCut: 0.9, network: 0.28, ngrams: 1 };
  const trained = { ...metrics, epochs: 5, bestEpoch: 3, textRead };

  const entries = thread(
    { ...run, training: { ...run.training, metrics: trained } },
    { title: 'Spam filter', metric: 'macro_f1' },
  );

  const said = plainText(entries.find(({ key }) => key === 'trained') ?? { blocks: [] });
  expect(said).toContain('Epoch 3 was the best and is the model.');
  expect(said).toContain(textReadWords(textRead));
});
