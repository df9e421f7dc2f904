// From a file in the inbox to the gate's verdict: the local pipeline with a warm worker, the same
// without one, and a plain Trainer script on the same file, in turn.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { makeSampleDatasets, sampleFiles } from '../pipeline/local/sample-datasets.ts';
import { type Bench, type Figures, median } from './bench.ts';
import { drawGantt } from './first-verdict/draw-gantt.ts';
import {
  overheadOf,
  type Timeline,
  timeToVerdict,
  totalOf,
} from './first-verdict/time-to-verdict.ts';

const rounds = 3;
const root = resolve(import.meta.dirname, '..');
const python = join(root, '.venv', 'bin', 'python');

export const bench: Bench = {
  name: 'first-verdict',
  title: `from a file in the inbox to the verdict, beside a plain Trainer script; ${rounds} rounds`,
  run: measure,
};

async function measure(): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-bot-verdict-'));
  try {
    const samples = await makeSampleDatasets({ root, python, folder: join(folder, 'samples') });
    return {
      ...(await compare('firstVerdict', join(samples, sampleFiles.first), folder)),
      ...(await compare('firstVerdictMore', join(samples, sampleFiles.more), folder)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare(key: string, file: string, folder: string): Promise<Figures> {
  const warm: Timeline[] = [];
  const cold: Timeline[] = [];
  const peer: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    // In turn, so that whatever else the machine does slows all three.
    const dataFolder = (name: string) => join(folder, `${key}-${name}-${round}`);
    const options = { root, python, file };
    warm.push(await timeToVerdict({ ...options, dataFolder: dataFolder('warm'), isWarm: true }));
    cold.push(await timeToVerdict({ ...options, dataFolder: dataFolder('cold'), isWarm: false }));
    peer.push(await timePeer(file, dataFolder('peer')));
  }
  const bars = { warm: byTotal(warm).spans, cold: byTotal(cold).spans };
  console.log(drawGantt(`${basename(file)}, from the inbox to the verdict`, bars));
  const seconds = median(warm.map(totalOf));
  const coldSeconds = median(cold.map(totalOf));
  return {
    [`${key}.seconds`]: seconds,
    [`${key}.coldSeconds`]: coldSeconds,
    [`${key}.peerSeconds`]: median(peer),
    // Of each round by itself: a busy minute counts for both sides.
    [`${key}.ratio`]: median(warm.map((each, i) => totalOf(each) / (peer[i] ?? Number.NaN))),
    [`${key}.coldRatio`]: median(cold.map((each, i) => totalOf(each) / (peer[i] ?? Number.NaN))),
    [`${key}.overheadSeconds`]: median(warm.map((each) => overheadOf(each))),
    [`${key}.overheadCpuSeconds`]: median(warm.map((each) => overheadOf(each, 'cpu'))),
    [`${key}.coldOverheadSeconds`]: median(cold.map((each) => overheadOf(each))),
  };
}

async function timePeer(file: string, output: string): Promise<number> {
  const begin = performance.now();
  await promisify(execFile)(python, [join(root, 'bench/first-verdict/peer.py'), file, output]);
  return (performance.now() - begin) / 1000;
}

/** The timeline with the median total. */
function byTotal(timelines: readonly Timeline[]): Timeline {
  const total = median(timelines.map(totalOf));
  const found = timelines.find((each) => totalOf(each) === total);
  if (found === undefined) throw new Error('Nothing was measured.');
  return found;
}
