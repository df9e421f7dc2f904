import { costOf, prices } from '../../pipeline/core/pricing.ts';
import type { Run } from '../../pipeline/core/run.ts';

/** The source of the prices, as a phrase. */
export const priceSource = `${prices.region} prices as of ${prices.asOf}`;

/** An estimate in dollars; amounts below one cent are not spelled out. */
export function about(dollars: number): string {
  return dollars < 0.01 ? 'less than $0.01' : `about $${dollars.toFixed(2)}`;
}

/**
 * The cost of a run so far, as a phrase; empty while no job has ended. Local jobs cost nothing, so
 * the phrase names what AWS would bill for the same run time.
 */
export function costPhrase(run: Run): string {
  const cost = costOf([run]);
  if (cost === null) return '';
  const saved = cost.spotSaving < 0.01 ? '' : `, Spot saved ${about(cost.spotSaving)}`;
  if (cost.billed > 0) return `cost ${about(cost.billed)}${saved}`;
  if (cost.notBilled === 0) return '';
  return `cost $0.00 here, ${about(cost.notBilled)} on AWS`;
}
