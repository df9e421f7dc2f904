// How fast does the default text recipe answer? Our model server, through ONNX Runtime, beside a
// transformers pipeline on torch, both on the same model, the same HTTP server of Python and one
// thread, asked in turns.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Bench, type Figures, median } from './bench.ts';
import { type Prediction, type Server, startServer } from './serving/server.ts';
import { trainDefault } from './serving/train-default.ts';

const rounds = 7;
const requestsPerRound = 300;
const connections = 16;
const coldStarts = { ours: 15, peer: 3 };
/** What a smoke request after a deployment may differ. */
const maxScoreDifference = 1e-3;

const root = resolve(import.meta.dirname, '..');
const python = join(root, '.venv/bin/python');

export const bench: Bench = {
  name: 'serving',
  title: 'the text recipe on ONNX Runtime beside a transformers pipeline on torch',
  run,
};

async function run(): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-bot-serving-'));
  try {
    const model = await trainDefault({ root, python, folder });
    const ours = () =>
      startServer(python, [
        join(root, 'training/serve.py'),
        ...['--model-dir', model.folder, '--exit-with-parent'],
      ]);
    const peer = () => startServer(python, [join(root, 'bench/serving/peer.py'), model.folder]);
    return await measure({ ours, peer, texts: model.texts });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Start = () => Promise<Server>;

async function measure(options: {
  ours: Start;
  peer: Start;
  texts: readonly string[];
}): Promise<Figures> {
  const { texts } = options;
  const [ours, peer] = [await options.ours(), await options.peer()];
  const expected = await compare(ours, peer, texts);
  const rates: { ours: number; peer: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const first = await rateOf(ours, texts);
    rates.push({ ours: first, peer: await rateOf(peer, texts) });
  }
  const memory = { ours: ours.megabytes(), peer: peer.megabytes() };
  await Promise.all([ours.stop(), peer.stop()]);

  const first = { text: texts[0] ?? '', label: expected[0]?.label };
  const cold: number[] = [];
  const peerCold: number[] = [];
  for (let n = 0; n < coldStarts.ours; n += 1) {
    cold.push(await coldSeconds(options.ours, first));
    if (n < coldStarts.peer) peerCold.push(await coldSeconds(options.peer, first));
  }
  return {
    'serving.throughputRatio': median(rates.map((rate) => rate.ours / rate.peer)),
    'serving.requestsPerSecond': median(rates.map((rate) => rate.ours)),
    'serving.peerRequestsPerSecond': median(rates.map((rate) => rate.peer)),
    'serving.coldSeconds': median(cold),
    'serving.fastestColdSeconds': Math.min(...cold),
    'serving.peerColdSeconds': median(peerCold),
    'serving.megabytes': memory.ours,
    'serving.peerMegabytes': memory.peer,
  };
}

/** The answers to all texts; throws if the two servers disagree on one. */
async function compare(
  ours: Server,
  peer: Server,
  texts: readonly string[],
): Promise<readonly Prediction[]> {
  const answers: Prediction[] = [];
  for (const text of texts) {
    const [mine, theirs] = [await ours.ask(text), await peer.ask(text)];
    if (mine.label !== theirs.label || Math.abs(mine.score - theirs.score) > maxScoreDifference) {
      throw new Error(`${JSON.stringify(mine)} is not ${JSON.stringify(theirs)}: ${text}`);
    }
    answers.push(mine);
  }
  return answers;
}

async function rateOf(server: Server, texts: readonly string[]): Promise<number> {
  let next = 0;
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (next < requestsPerRound) {
        const text = texts[next % texts.length] ?? '';
        next += 1;
        await server.ask(text);
      }
    }),
  );
  return (requestsPerRound * 1000) / (performance.now() - begin);
}

/** From the start of the process to its first correct answer. */
async function coldSeconds(
  start: Start,
  first: { text: string; label: string | undefined },
): Promise<number> {
  const begin = performance.now();
  const server = await start();
  const { label } = await server.ask(first.text);
  const seconds = (performance.now() - begin) / 1000;
  await server.stop();
  if (label !== first.label) throw new Error(`The first answer was ${label}, not ${first.label}.`);
  return seconds;
}
