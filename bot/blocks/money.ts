import { costOf, prices } from '../../pipeline/core/pricing.ts';
import type { Run } from '../../pipeline/core/run.ts';

/** Where the figures are from, for a line below them. */
export const priceSource = `prices of ${prices.region} as of ${prices.asOf}`;

/** Dollars of an estimate; the smallest are not worth their digits. */
export function about(dollars: number): string {
  return dollars < 0.01 ? 'less than $0.01' : `about $${dollars.toFixed(2)}`;
}

/**
 * What a run has cost so far, in a phrase; empty while no job has ended. On one's own machine
 * nobody bills: what AWS would bill for the same seconds is said as that and no more.
 */
export function costPhrase(run: Run): string {
  const cost = costOf([run]);
  if (cost === null) return '';
  const saved = cost.spotSaving < 0.01 ? '' : `, Spot saved ${about(cost.spotSaving)}`;
  if (cost.billed > 0) return `cost ${about(cost.billed)}${saved}`;
  if (cost.notBilled === 0) return '';
  return `cost $0.00 here, the same seconds on AWS ${about(cost.notBilled)}`;
}
