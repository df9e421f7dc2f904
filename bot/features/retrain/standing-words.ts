import type { KnownDataset, Standing } from '../../../pipeline/core/dataset-standing.ts';
import { shown } from '../../blocks/escape.ts';

/** What is wrong with a suspect dataset, in a few words; null for one that may be taken. */
export const standingWords: Readonly<Record<Standing, string | null>> = {
  good: null,
  untested: null,
  blocked: 'blocked by the gate',
  changed: 'differs from the data of production',
  stopped: 'its run was stopped',
  rolled_back: 'its version was rolled back',
  invalid: 'rejected',
};

/** Says which newer datasets a retrain has not taken, and how to take one; null for none. */
export function passedOver(
  model: string,
  earlier: readonly KnownDataset[],
  taken: string | null,
): string | null {
  const index = earlier.findIndex(({ dataset }) => dataset.version === taken);
  const newer = index < 0 ? earlier : earlier.slice(0, index);
  const first = newer.find(({ rows }) => rows !== null);
  const why = first === undefined ? null : standingWords[first.standing];
  if (first === undefined || why === null) return null;
  const { fileName, version } = first.dataset;
  return `${shown(fileName, 60)} is newer and was passed over: ${why}. /mlops retrain ${model} dataset=${version} takes it.`;
}
