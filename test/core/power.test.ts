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

  it.each(scenes.map((scene) => [scene.name, scene] as const))(
    'is true of simulated equal candidates within 8 points (accuracy, %s)',
    (_name, scene) => {
      const [rows, repetitions] = [2000, 300];
      const by = { ...policy, metric: 'accuracy' } as const;
      const generator = xoroshiro128plus(8);
      const uniform = () => (generator.unsafeNext() >>> 0) / 2 ** 32;
      const verdicts = Array.from({ length: repetitions }, () =>
        judged(drawCase(scene, { rows, loss: 0, uniform }), by),
      );
      const passed = verdicts.filter(({ outcome }) => outcome === 'pass').length / repetitions;
      // As it would be known from an earlier comparison on twice the rows.
      const standardError = (verdicts[0]?.difference?.standardError ?? 0) / Math.sqrt(2);
      const earlier = { standardError, rows: 2 * rows };

      const said = expectedPower(by, { rows, look: 1, earlier, classes: [] });

      expect(Math.abs(passed - said.passesEqual)).toBeLessThan(0.08);
    },
    60_000,
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
