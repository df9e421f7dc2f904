import type { Run } from '../../../pipeline/core/run.ts';
import { count, percent } from '../../blocks/format.ts';
import type { Line } from '../../blocks/rich-text.ts';

/** What the gate will be able to tell, before training is paid for; empty without production. */
export function powerLine({ power }: Run): Line {
  if (power === undefined) return [];
  const { rows, notices, loss, passesEqual, basis } = power;
  const estimate = basis === 'assumed' ? ' (estimated: no earlier comparison)' : '';
  return [
    `At ${count(rows)} held-out rows the gate notices −${(loss * 100).toFixed(1)} points in ${percent(notices)} of cases and passes an equal candidate in ${percent(passesEqual)}${estimate}.`,
  ];
}
