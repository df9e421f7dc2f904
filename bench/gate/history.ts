import type { Uniform } from '../../pipeline/core/gate/binomial.ts';
import { countCells, createMacroF1 } from '../../pipeline/core/gate/cells.ts';
import { decideGate } from '../../pipeline/core/gate/decide-gate.ts';
import type { GateCase } from '../../pipeline/core/gate/gate-case.ts';
import type { Verdict } from '../../pipeline/core/gate/verdict.ts';
import {
  type Answers,
  drawAnswers,
  drawHeldOut,
  type Scene,
  tiltFor,
  trueMacroF1,
  wrongAfter,
  wrongAtFirst,
} from './scenes.ts';

export const policy: GateCase['policy'] = {
  mode: 'enforce',
  metric: 'macro_f1',
  minimum: 0,
  nonInferiorityMargin: 0.02,
  tolerance: 0.005,
  maxRecallDrop: 0.05,
  perClassRows: 50,
  slices: [],
  maxSliceDrop: 0.05,
  minimumRows: 30,
};

export interface Judged {
  readonly scene: Scene;
  readonly truth: Answers;
  readonly candidate: Answers;
  readonly production: Answers;
  readonly anchor?: Answers;
  readonly look: number;
}

/** The shipped gate on these answers. */
export function judged(each: Judged, by: GateCase['policy'] = policy): Verdict {
  return decideGate({ ...toCase(each), policy: by });
}

function toCase({ scene, truth, candidate, production, anchor, look }: Judged): GateCase {
  const labels = scene.classes.map((_, index) => `class ${index}`);
  const named = (answers: Answers) => Array.from(answers, (answer) => labels[answer] ?? '');
  return {
    policy,
    unanswered: {},
    predictions: {
      id: [],
      label: named(truth),
      candidate: named(candidate),
      production: named(production),
      anchor: anchor === undefined ? null : named(anchor),
    },
    production: 2,
    anchor: anchor === undefined ? null : 1,
    vocabularies: { candidate: labels, production: labels },
    look,
  };
}

/** Observed macro-F1 of the candidate minus production's: what the rules ask first, and cheap. */
function observedDifference(each: Judged): number {
  const { label, candidate, production } = toCase(each).predictions;
  const cells = countCells(label, candidate, production ?? candidate);
  const scores = createMacroF1(cells)(cells.counts);
  return scores.candidate - scores.other;
}

/** The look at which the first of many candidates at the margin passes; null when none does. */
export function firstFalsePass(
  scene: Scene,
  { rows, looks, uniform }: { rows: number; looks: number; uniform: Uniform },
): number | null {
  const wrong = wrongAtFirst(scene);
  const tilt = tiltFor(scene, wrong, policy.nonInferiorityMargin);
  const { truth, production } = drawHeldOut(scene, rows, uniform);
  for (let look = 1; look <= looks; look++) {
    const candidate = drawAnswers(scene, { truth, before: production, tilt, wrong }, uniform);
    const each = { scene, truth, candidate, production, look };
    // Below the tolerance nothing passes, so the bootstrap is saved.
    if (observedDifference(each) < -policy.tolerance) continue;
    if (judged(each).outcome === 'pass') return look;
  }
  return null;
}

/** Whether a candidate as good as production fails. */
export function failsEqual(scene: Scene, rows: number, uniform: Uniform): boolean {
  const each = drawCase(scene, { rows, loss: 0, uniform });
  return observedDifference(each) < 0 && judged(each).outcome === 'fail';
}

export function drawCase(
  scene: Scene,
  { rows, loss, uniform }: { rows: number; loss: number; uniform: Uniform },
): Judged {
  const wrong = wrongAtFirst(scene);
  const { truth, production } = drawHeldOut(scene, rows, uniform);
  const tilt = tiltFor(scene, wrong, loss);
  const candidate = drawAnswers(scene, { truth, before: production, tilt, wrong }, uniform);
  return { scene, truth, candidate, production, look: 1 };
}

/**
 * How much true macro-F1 production loses over many retrains on the same rows, each truly worse than
 * production by `loss`; what passes goes live. `hasAnchor`: the first version stays the anchor.
 */
export function creep(
  scene: Scene,
  {
    rows,
    retrains,
    loss,
    hasAnchor,
    isFresh,
    uniform,
  }: {
    rows: number;
    retrains: number;
    loss: number;
    hasAnchor: boolean;
    isFresh: boolean;
    uniform: Uniform;
  },
): number {
  const first = wrongAtFirst(scene);
  let wrong = first;
  let { truth, production } = drawHeldOut(scene, rows, uniform);
  let anchor = production;
  let path: number[] = [];
  for (let retrain = 1; retrain <= retrains; retrain++) {
    if (isFresh) ({ truth, production, anchor } = redraw(scene, { rows, path, uniform }));
    const tilt = tiltFor(scene, wrong, loss);
    const candidate = drawAnswers(scene, { truth, before: production, tilt, wrong }, uniform);
    const isMoved = anchor !== production;
    const each = {
      scene,
      truth,
      candidate,
      production,
      ...(hasAnchor && isMoved ? { anchor } : {}),
      look: isFresh ? 1 : retrain,
    };
    if (observedDifference(each) < -policy.tolerance) continue;
    if (judged(each).outcome !== 'pass') continue;
    wrong = wrongAfter(scene, wrong, tilt);
    production = candidate;
    path = [...path, tilt];
  }
  return trueMacroF1(scene, first) - trueMacroF1(scene, wrong);
}

/** New rows, answered by the first version and by the one that the accepted steps led to. */
function redraw(
  scene: Scene,
  { rows, path, uniform }: { rows: number; path: readonly number[]; uniform: Uniform },
) {
  const { truth, production: anchor } = drawHeldOut(scene, rows, uniform);
  let production = anchor;
  let wrong = wrongAtFirst(scene);
  for (const tilt of path) {
    production = drawAnswers(scene, { truth, before: production, tilt, wrong }, uniform);
    wrong = wrongAfter(scene, wrong, tilt);
  }
  return { truth, production, anchor };
}
