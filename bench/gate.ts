// Are the gate's promises true? The shipped gate on simulated held-out sets of three kinds.
import { performance } from 'node:perf_hooks';
import { xoroshiro128plus } from 'pure-rand/generator/XoroShiro';
import type { Uniform } from '../pipeline/core/gate/binomial.ts';
import { chanceToNotice, chanceToPass } from '../pipeline/core/gate/looks.ts';
import { parsePredictions } from '../pipeline/core/gate/predictions.ts';
import { type Bench, type Figures, median } from './bench.ts';
import { creep, drawCase, failsEqual, firstFalsePass, judged, policy } from './gate/history.ts';
import { type Scene, scenes } from './gate/scenes.ts';

const HISTORIES = 400;
const EQUALS = 400;
const CREEPS = 10;
const POWERS = 100;
const SECONDS_ROUNDS = 7;

export const bench: Bench = {
  name: 'gate',
  title: 'false passes, false failures, creep and time of the gate, the worst of three scenes',
  run: async (): Promise<Figures> => {
    const byScene = scenes.map((scene) => figuresOf(scene, createUniform(20_261_125)));
    const worst = (key: string) => Math.max(...byScene.map((figures) => figures[key] ?? 0));
    const figures = Object.keys(byScene[0] ?? {}).map((key) => [key, worst(key)]);
    return { ...Object.fromEntries(figures), 'gate.readSeconds100k': readSeconds() };
  },
};

/** Time to read the predictions of 100,000 rows, some of them quoted. */
function readSeconds(): number {
  const rows = Array.from({ length: 100_000 }, (_, row) => {
    const label = row % 9 === 0 ? '"spam, unwanted"' : 'ham';
    return `${(row * 2_654_435_761).toString(16)},${label},ham,0.998877,${label},0.987654`;
  });
  const csv = `id,label,candidate,candidate_score,production,production_score\n${rows.join('\n')}\n`;
  return medianSeconds(() => {
    const reading = parsePredictions(csv);
    while (reading.next().done !== true);
  });
}

function figuresOf(scene: Scene, uniform: Uniform): Figures {
  const figures: Figures = {
    ...falseAccepts(scene, uniform),
    ...equalFails(scene, uniform),
    ...creeps(scene, uniform),
    ...powers(scene, uniform),
    'gate.seconds100k': seconds(scene, uniform),
  };
  print(scene, figures);
  return figures;
}

/** Chance that any of so many candidates at the margin passes on the same 1,000 rows. */
function falseAccepts(scene: Scene, uniform: Uniform): Figures {
  const passes = repeat(HISTORIES, () => firstFalsePass(scene, { rows: 1000, looks: 20, uniform }));
  const within = (looks: number) => share(passes.map((look) => look !== null && look <= looks));
  return {
    'gate.falseAccept.looks1': within(1),
    'gate.falseAccept.looks5': within(5),
    'gate.falseAccept.looks20': within(20),
  };
}

function equalFails(scene: Scene, uniform: Uniform): Figures {
  const of = (rows: number) => share(repeat(EQUALS, () => failsEqual(scene, rows, uniform)));
  return {
    'gate.equalFail.n200': of(200),
    'gate.equalFail.n1000': of(1000),
    'gate.equalFail.n5000': of(5000),
  };
}

/** Points of macro-F1 that 26 retrains cost, each truly 0.4 points below production. */
function creeps(scene: Scene, uniform: Uniform): Figures {
  const points = (hasAnchor: boolean, isFresh: boolean) => {
    const history = { rows: 5000, retrains: 26, loss: 0.004, hasAnchor, isFresh, uniform };
    return 100 * mean(repeat(CREEPS, () => creep(scene, history)));
  };
  return {
    'gate.creepPoints.n5000': points(true, false),
    'gate.creepPoints.fresh.n5000': points(true, true),
    'gate.creepPoints.withoutAnchor.n5000': points(false, false),
  };
}

/** Largest distance between the power that is said before a comparison and the one it has. */
function powers(scene: Scene, uniform: Uniform): Figures {
  const [even, worse] = [0, policy.nonInferiorityMargin].map((loss) =>
    repeat(POWERS, () => judged(drawCase(scene, { rows: 2000, loss, uniform }))),
  );
  const verdicts = [...(even ?? []), ...(worse ?? [])];
  const standardError = median(verdicts.map(({ difference }) => difference?.standardError ?? 0));
  const alpha = verdicts[0]?.look?.alpha ?? 0;
  const passed = share((even ?? []).map(({ outcome }) => outcome === 'pass'));
  const noticed = share((worse ?? []).map(({ outcome }) => outcome === 'fail'));
  return {
    'gate.powerError.equalPasses.n2000': Math.abs(
      passed - chanceToPass(policy, standardError, alpha),
    ),
    'gate.powerError.marginNoticed.n2000': Math.abs(
      noticed - chanceToNotice(policy, standardError),
    ),
  };
}

function seconds(scene: Scene, uniform: Uniform): number {
  const each = drawCase(scene, { rows: 100_000, loss: 0, uniform });
  return medianSeconds(() => void judged(each));
}

function medianSeconds(work: () => void): number {
  const times = repeat(SECONDS_ROUNDS, () => {
    const started = performance.now();
    work();
    return (performance.now() - started) / 1000;
  });
  return median(times);
}

/** Each share with its binomial standard error, so that a reader can judge it. */
function print(scene: Scene, figures: Figures): void {
  console.log(`\n${scene.name}`);
  for (const [key, value] of Object.entries(figures)) {
    const repetitions = key.includes('falseAccept')
      ? HISTORIES
      : key.includes('equalFail')
        ? EQUALS
        : null;
    const error =
      repetitions === null
        ? ''
        : ` ± ${Math.sqrt((value * (1 - value)) / repetitions).toFixed(4)} (n = ${repetitions})`;
    console.log(`  ${key.padEnd(40)} ${value.toFixed(4)}${error}`);
  }
}

function createUniform(seed: number): Uniform {
  const generator = xoroshiro128plus(seed);
  return () => (generator.unsafeNext() >>> 0) / 2 ** 32;
}

const repeat = <T>(times: number, work: () => T): readonly T[] =>
  Array.from({ length: times }, work);
const mean = (values: readonly number[]) =>
  values.reduce((sum, each) => sum + each, 0) / values.length;
const share = (flags: readonly boolean[]) => mean(flags.map(Number));
