import { type AnsweredRows, judgeNewRows } from '../../pipeline/core/alert/judge-new-rows.ts';
import { defineConfig } from '../../pipeline/core/config.ts';
import type { Uniform } from '../../pipeline/core/gate/binomial.ts';
import { modelConfig } from '../../pipeline/core/model-config.ts';
import { drawHeldOut, type Scene, trueMacroF1, wrongAtFirst } from '../gate/scenes.ts';

/** Rows that a version was judged on when it was trained: as many as in the sample of mails. */
const ROWS_BEFORE = 1239;

export const config = modelConfig(
  defineConfig({
    channel: '#ml-ops',
    operators: 'everyone',
    models: {
      sample: {
        title: 'Sample',
        task: 'text-classification',
        recipe: 'distilbert',
        columns: { text: 'text', label: 'label' },
        gate: { minimum: 0 },
        approval: { mode: 'auto' },
      },
    },
  }),
  'sample',
);

/** Share of looks at so many new rows that find a breach, of a version whose macro-F1 fell by `fall`. */
export function breaches(
  scene: Scene,
  look: { readonly rows: number; readonly fall: number; readonly looks: number },
  uniform: Uniform,
): number {
  const { rows, fall, looks } = look;
  const fallen = fallenBy(scene, fall);
  const macroF1 = trueMacroF1(scene, wrongAtFirst(scene));
  let found = 0;
  for (let each = 0; each < looks; each++) {
    const observation = judgeNewRows({
      config,
      fresh: answered(fallen, rows, uniform),
      before: answered(scene, ROWS_BEFORE, uniform),
      production: { version: 1, metrics: { macro_f1: macroF1 } },
      runId: 'sample-aaaaaaaa',
      at: '2026-11-22T09:00:00.000Z',
    });
    if (observation?.isBreach) found += 1;
  }
  return found / looks;
}

function answered(scene: Scene, rows: number, uniform: Uniform): AnsweredRows {
  const { truth, production } = drawHeldOut(scene, rows, uniform);
  const named = (classes: Int8Array) => Array.from(classes, (each) => `class ${each}`);
  return { label: named(truth), answer: named(production) };
}

/** The same rows under a version that gets more of every class wrong. */
function fallenBy(scene: Scene, fall: number): Scene {
  const goal = trueMacroF1(scene, wrongAtFirst(scene)) - fall;
  const withMore = (more: number): Scene => ({
    ...scene,
    classes: scene.classes.map((each) => ({ ...each, wrong: Math.min(1, each.wrong + more) })),
  });
  let [low, high] = [0, 0.5];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (trueMacroF1(scene, wrongAtFirst(withMore(middle))) > goal) low = middle;
    else high = middle;
  }
  return withMore(low);
}
