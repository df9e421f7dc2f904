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
    ['accuracy', '50/50, d = 8 %', 500],
    ['accuracy', '6 classes, d = 12 %', 500],
    ['macro_f1', '90/10, d = 5 %', 120],
  ] as const)(
    'are within a fifth of those that give an equal candidate 80 %% power: %s, %s',
    (metric, name, repetitions) => {
      const scene = sceneNamed(name);
      const options = { by: { ...wide, metric }, uniform: createUniform() };

      const said = saidRows(scene, { ...options, rows: 800, cases: 25 });

      const at = (share: number) =>
        powerAt(scene, { ...options, rows: Math.round(share * said), repetitions });
      expect(at(0.8)).toBeLessThan(POWER);
      expect(at(1.2)).toBeGreaterThan(POWER);
    },
    120_000,
  );
});

function sceneNamed(name: string): Scene {
  const scene = scenes.find((each) => each.name === name);
  if (scene === undefined) throw new Error(`There is no scene “${name}”.`);
  return scene;
}

function createUniform() {
  const generator = xoroshiro128plus(20_261_126);
  return () => (generator.unsafeNext() >>> 0) / 2 ** 32;
}
