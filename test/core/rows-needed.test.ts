import { xoroshiro128plus } from 'pure-rand/generator/XoroShiro';
import { describe, expect, it } from 'vitest';
import { policy } from '../../bench/gate/history.ts';
import { powerAt, saidRows } from '../../bench/gate/rows-needed.ts';
import { type Scene, scenes } from '../../bench/gate/scenes.ts';
import type { GatePolicy } from '../../pipeline/core/config.ts';

const POWER = 0.8;

// With the usual tolerance power rises too slowly with the rows for a simulation of seconds.
const wide: GatePolicy = { ...policy, tolerance: 0.02 };

describe('the rows that would settle it', () => {
  it.each([
    ['accuracy', scenes[0], 500],
    ['accuracy', scenes[2], 500],
    ['macro_f1', scenes[1], 120],
  ] as const)(
    'are within 20 %% of those that give an equal candidate 80 %% power, by %s',
    (metric, scene, repetitions) => {
      const options = { by: { ...wide, metric }, uniform: createUniform() };
      const known = theScene(scene);

      const said = saidRows(known, { ...options, rows: 800, cases: 25 });

      const at = (share: number) =>
        powerAt(known, { ...options, rows: Math.round(share * said), repetitions });
      expect(at(0.8)).toBeLessThan(POWER);
      expect(at(1.2)).toBeGreaterThan(POWER);
    },
    120_000,
  );
});

function theScene(scene: Scene | undefined): Scene {
  if (scene === undefined) throw new Error('There is no such scene.');
  return scene;
}

function createUniform() {
  const generator = xoroshiro128plus(20_261_126);
  return () => (generator.unsafeNext() >>> 0) / 2 ** 32;
}
