import { xoroshiro128plus } from 'pure-rand/generator/XoroShiro';
import { describe, expect, it } from 'vitest';
import { drawCase, judged, policy } from '../../bench/gate/history.ts';
import { scenes } from '../../bench/gate/scenes.ts';
import { expectedPower } from '../../pipeline/core/gate/power.ts';

describe('the power that is said before training', () => {
  it.each(scenes.map((scene) => [scene.name, scene] as const))(
    'is about the same from the errors of production as from an earlier comparison (%s)',
    (_name, scene) => {
      const rows = 5000;
      const generator = xoroshiro128plus(7);
      const uniform = () => (generator.unsafeNext() >>> 0) / 2 ** 32;
      const { difference } = judged(drawCase(scene, { rows, loss: 0, uniform }));
      const earlier = { standardError: difference?.standardError ?? 0, rows };
      const { classes } = scene;

      const assumed = expectedPower(policy, { rows, look: 1, earlier: null, classes });
      const measured = expectedPower(policy, { rows, look: 1, earlier, classes });

      expect(Math.abs(assumed.notices - measured.notices)).toBeLessThan(0.15);
      expect(Math.abs(assumed.passesEqual - measured.passesEqual)).toBeLessThan(0.15);
    },
  );

  it('is a chance even on a single row of a single class', () => {
    const one = expectedPower(policy, {
      rows: 1,
      look: 1,
      earlier: null,
      classes: [{ share: 1, wrong: null }],
    });

    for (const chance of [one.notices, one.passesEqual]) {
      expect(chance).toBeGreaterThanOrEqual(0);
      expect(chance).toBeLessThanOrEqual(1);
    }
  });
});
