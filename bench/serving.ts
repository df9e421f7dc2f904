// How fast does the default text recipe answer? Our model server, through ONNX Runtime, beside a
// transformers pipeline on torch, both on the same network, the same HTTP server of Python and one
// thread, asked in turns. Ours reads the n-grams of the text as well, which a pipeline cannot; that
// the two agree is compared on a model without them.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Bench, type Figures, median } from './bench.ts';
import { type Server, startServer } from './serving/server.ts';
import { prepareMails, python, trainText } from './serving/train-text.ts';

const rounds = 7;
const requestsPerRound = 300;
const connections = 16;
const coldStarts = { ours: 15, peer: 3 };
/** What a smoke request after a deployment may differ. */
const maxScoreDifference = 1e-3;

const root = resolve(import.meta.dirname, '..');

export const bench: Bench = {
  name: 'serving',
  title: 'the text recipe on ONNX Runtime beside a transformers pipeline on torch',
  run,
};

async function run(): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-bot-serving-'));
  try {
    const prepared = await prepareMails(folder, 'spam-1-first.csv');
    const train = (name: string, more = {}) =>
      trainText({
        ...{ prepared, folder: join(folder, name) },
        hyperparameters: { num_train_epochs: '1', ...more },
      });
    const model = await train('model');
    const plain = await train('plain', { ngrams: 'false' });
    const texts = readFileSync(join(prepared, 'test.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((row): string => JSON.parse(row).text);
    const serve = (modelFolder: string) =>
      startServer(python, [
        join(root, 'training/serve.py'),
        ...['--model-dir', modelFolder, '--exit-with-parent'],
      ]);
    const peer = () => startServer(python, [join(root, 'bench/serving/peer.py'), plain]);
    await compare(() => serve(plain), peer, texts);
    return await measure({ ours: () => serve(model), peer, texts });
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
  const text = texts[0] ?? '';
  const labels = { ours: (await ours.ask(text)).label, peer: (await peer.ask(text)).label };
  const rates: { ours: number; peer: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const first = await rateOf(ours, texts);
    rates.push({ ours: first, peer: await rateOf(peer, texts) });
  }
  const memory = { ours: ours.megabytes(), peer: peer.megabytes() };
  await Promise.all([ours.stop(), peer.stop()]);

  const cold: number[] = [];
  const peerCold: number[] = [];
  for (let n = 0; n < coldStarts.ours; n += 1) {
    cold.push(await coldSeconds(options.ours, { text, label: labels.ours }));
    if (n < coldStarts.peer) {
      peerCold.push(await coldSeconds(options.peer, { text, label: labels.peer }));
    }
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

/** Throws if the two servers disagree on a text. */
async function compare(
  startOurs: Start,
  startPeer: Start,
  texts: readonly string[],
): Promise<void> {
  const [ours, peer] = [await startOurs(), await startPeer()];
  for (const text of texts) {
    const [mine, theirs] = [await ours.ask(text), await peer.ask(text)];
    if (mine.label !== theirs.label || Math.abs(mine.score - theirs.score) > maxScoreDifference) {
      throw new Error(`${JSON.stringify(mine)} is not ${JSON.stringify(theirs)}: ${text}`);
    }
  }
  await Promise.all([ours.stop(), peer.stop()]);
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
async function coldSeconds(start: Start, first: { text: string; label: string }): Promise<number> {
  const begin = performance.now();
  const server = await start();
  const { label } = await server.ask(first.text);
  const seconds = (performance.now() - begin) / 1000;
  await server.stop();
  if (label !== first.label) throw new Error(`The first answer was ${label}, not ${first.label}.`);
  return seconds;
}
