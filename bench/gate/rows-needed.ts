import type { Uniform } from '../../pipeline/core/gate/binomial.ts';
import type { GateCase } from '../../pipeline/core/gate/gate-case.ts';
import { median } from '../bench.ts';
import { drawCase, judged, policy } from './history.ts';
import type { Scene } from './scenes.ts';

interface Options {
  readonly by?: GateCase['policy'];
  readonly uniform: Uniform;
}

/** The number of rows that would settle it, as inconclusive verdicts on `rows` rows say: the median. */
export function saidRows(
  scene: Scene,
  { rows, cases, by = policy, uniform }: Options & { rows: number; cases: number },
): number {
  const said = Array.from({ length: cases }, () => {
    const each = drawCase(scene, { rows, loss: 0, uniform });
    return judged(each, by).rowsNeeded;
  });
  return median(said.filter((each) => each !== null));
}

/** Share of equal candidates that pass on so many rows. */
export function powerAt(
  scene: Scene,
  { rows, repetitions, by = policy, uniform }: Options & { rows: number; repetitions: number },
): number {
  let passed = 0;
  for (let each = 0; each < repetitions; each++) {
    const drawn = drawCase(scene, { rows, loss: 0, uniform });
    if (judged(drawn, by).outcome === 'pass') passed += 1;
  }
  return passed / repetitions;
}
