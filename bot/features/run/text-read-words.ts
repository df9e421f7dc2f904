import type { TrainingMetrics } from '../../../pipeline/core/python-contract.ts';
import { percent } from '../../blocks/format.ts';

/** With less of the text than this a model may miss what decides. */
const LEAST_SHARE = 0.5;

/** How much of the texts a model reads; empty when it reads all. */
export function textReadWords(read: NonNullable<TrainingMetrics['textRead']>): string {
  const { rowsCut, network, ngrams } = read;
  if (rowsCut === 0) return '';
  const cut = `The network reads ${percent(network)} of the tokens: ${percent(rowsCut)} of the rows are longer than max_length.`;
  if (Math.max(network, ngrams) < LEAST_SHARE) {
    return `⚠️ ${cut} Raise max_length, or set ngrams to true.`;
  }
  return ngrams > 0 ? `${cut} The n-grams are those of ${percent(ngrams)} of the text.` : cut;
}
