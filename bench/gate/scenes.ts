import { drawBinomial, type Uniform } from '../../pipeline/core/gate/binomial.ts';

/** A kind of held-out set, and how much two models on it differ. Shares from 0 to 1. */
export interface Scene {
  readonly name: string;
  /** Share of each class, and of its rows that a model gets wrong. */
  readonly classes: readonly { readonly share: number; readonly wrong: number }[];
  /** Of a class: rows on which exactly one of two models is right, by those one gets wrong. */
  readonly discordance: number;
}

export const scenes: readonly Scene[] = [
  {
    name: '50/50, d = 8 %',
    classes: [
      { share: 0.5, wrong: 0.08 },
      { share: 0.5, wrong: 0.08 },
    ],
    discordance: 1,
  },
  {
    name: '90/10, d = 5 %',
    classes: [
      { share: 0.9, wrong: 0.0222 },
      { share: 0.1, wrong: 0.2 },
    ],
    discordance: 1.25,
  },
  {
    name: '6 classes, d = 12 %',
    classes: [
      { share: 0.4, wrong: 0.1 },
      { share: 0.25, wrong: 0.13 },
      { share: 0.15, wrong: 0.18 },
      { share: 0.1, wrong: 0.22 },
      { share: 0.06, wrong: 0.27 },
      { share: 0.04, wrong: 0.3 },
    ],
    discordance: 0.8,
  },
];

/** Answers by row: of a class number, the truth or what a model said. */
export type Answers = Int8Array;

export interface HeldOut {
  readonly truth: Answers;
  readonly production: Answers;
}

export function drawHeldOut(scene: Scene, rows: number, uniform: Uniform): HeldOut {
  const truth = new Int8Array(rows);
  const production = new Int8Array(rows);
  let row = 0;
  let [rowsLeft, shareLeft] = [rows, 1];
  for (const [index, { share, wrong }] of scene.classes.entries()) {
    const count = drawBinomial(rowsLeft, Math.min(1, share / shareLeft), uniform);
    rowsLeft -= count;
    shareLeft -= share;
    for (const end = row + count; row < end; row++) {
      truth[row] = index;
      production[row] = uniform() < wrong ? anotherClass(scene, index, uniform) : index;
    }
  }
  return { truth, production };
}

/**
 * Answers of a model whose true macro-F1 differs by a tilt of its wins and losses: 0 is as good as
 * `before`, 1 wins nothing. `wrong` is how much `before` gets wrong, by class.
 */
export function drawAnswers(
  scene: Scene,
  {
    truth,
    before,
    tilt,
    wrong,
  }: { truth: Answers; before: Answers; tilt: number; wrong: readonly number[] },
  uniform: Uniform,
): Answers {
  const changes = changesOf(scene, wrong, tilt);
  return before.map((answer, row) => {
    const right = truth[row] ?? 0;
    const { lost, won } = changes[right] ?? { lost: 0, won: 0 };
    if (answer === right) return uniform() < lost ? anotherClass(scene, right, uniform) : answer;
    return uniform() < won ? right : answer;
  });
}

/** By class: chance to lose a row that was right, and to win one that was wrong. */
function changesOf({ classes, discordance }: Scene, wrong: readonly number[], tilt: number) {
  return classes.map((each, index) => {
    const now = wrong[index] ?? each.wrong;
    const half = (discordance * each.wrong) / 2;
    return {
      lost: Math.min(1, (half * (1 + tilt)) / (1 - now)),
      won: Math.min(1, (half * (1 - tilt)) / now),
    };
  });
}

/** How much a model gets wrong, by class, that came from one with `wrong` by `tilt`. */
export function wrongAfter(
  scene: Scene,
  wrong: readonly number[],
  tilt: number,
): readonly number[] {
  const changes = changesOf(scene, wrong, tilt);
  return wrong.map((share, index) => {
    const { lost, won } = changes[index] ?? { lost: 0, won: 0 };
    return share + (1 - share) * lost - share * won;
  });
}

/** Macro-F1 of a model on endless rows. */
export function trueMacroF1({ classes }: Scene, wrong: readonly number[]): number {
  const f1 = classes.map((each, index) => {
    const hits = each.share * (1 - (wrong[index] ?? 0));
    const strays = classes.map((other, from) =>
      from === index ? 0 : (other.share * (wrong[from] ?? 0) * each.share) / (1 - other.share),
    );
    const guesses = hits + strays.reduce((sum, share) => sum + share, 0);
    return (2 * hits) / (each.share + guesses);
  });
  return f1.reduce((sum, each) => sum + each, 0) / f1.length;
}

export const wrongAtFirst = ({ classes }: Scene): readonly number[] =>
  classes.map(({ wrong }) => wrong);

/** The tilt at which the next model's true macro-F1 is lower by `loss`. */
export function tiltFor(scene: Scene, wrong: readonly number[], loss: number): number {
  const goal = trueMacroF1(scene, wrong) - loss;
  let [low, high] = [-1, 1];
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (trueMacroF1(scene, wrongAfter(scene, wrong, middle)) > goal) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** A wrong answer falls on the other classes by their share. */
function anotherClass({ classes }: Scene, right: number, uniform: Uniform): number {
  let left = uniform() * (1 - (classes[right]?.share ?? 0));
  for (const [index, { share }] of classes.entries()) {
    if (index === right) continue;
    left -= share;
    if (left <= 0) return index;
  }
  return right === classes.length - 1 ? right - 1 : classes.length - 1;
}
