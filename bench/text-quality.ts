// Is the text recipe worth its time? Its default model on held-out mails, beside itself without the
// n-gram part and beside TF-IDF with logistic regression, trained on the same rows.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bench, type Figures, median } from './bench.ts';
import { prepareMails, python, trainText } from './serving/train-text.ts';

const seeds = [1, 2, 3, 4, 5];
/** Of Student's distribution with four degrees of freedom, two-sided, 95 %. */
const QUANTILE = 2.776;

export const bench: Bench = {
  name: 'text-quality',
  title: 'macro-F1 of the default text model beside TF-IDF with logistic regression',
  run,
};

interface Trained {
  readonly macroF1: number;
  readonly seconds: number;
}

async function run(): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-bot-text-quality-'));
  try {
    const prepared = await prepareMails(folder, 'spam-2-more.csv');
    const models: Trained[] = [];
    const plain: Trained[] = [];
    for (const seed of seeds) {
      const train = (ngrams: boolean) =>
        trainAndTest({ prepared, folder: join(folder, `${ngrams}-${seed}`), seed, ngrams });
      models.push(await train(true));
      plain.push(await train(false));
      console.log(
        `seed ${seed}: ${models.at(-1)?.macroF1}, without n-grams ${plain.at(-1)?.macroF1}`,
      );
    }
    const tfidf = JSON.parse(
      execFileSync(python, [join(import.meta.dirname, 'text-quality/tfidf.py'), prepared], {
        encoding: 'utf8',
      }),
    );
    return {
      'textQuality.macroF1': mean(models),
      'textQuality.macroF1Margin': margin(models),
      'textQuality.withoutNgrams': mean(plain),
      'textQuality.withoutNgramsMargin': margin(plain),
      'textQuality.tfidfWords': tfidf.words,
      'textQuality.tfidfChars': tfidf.chars,
      'textQuality.seconds': median(models.map(({ seconds }) => seconds)),
      'textQuality.secondsWithoutNgrams': median(plain.map(({ seconds }) => seconds)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the model scores through its serving code, and the seconds of its training job. */
async function trainAndTest(options: {
  prepared: string;
  folder: string;
  seed: number;
  ngrams: boolean;
}): Promise<Trained> {
  const { prepared, folder, seed, ngrams } = options;
  const hyperparameters = { seed: String(seed), ngrams: String(ngrams) };
  const model = await trainText({ prepared, folder, hyperparameters });
  const tested = join(folder, 'tested');
  execFileSync(python, [join(import.meta.dirname, '../training/evaluate_model.py')], {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      SM_CHANNEL_TEST: prepared,
      SM_CHANNEL_CANDIDATE: model,
      SM_OUTPUT_DIR: tested,
      SM_OUTPUT_DATA_DIR: tested,
    },
  });
  const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
  return {
    macroF1: read(join(tested, 'evaluation.json')).candidate.metrics.macro_f1,
    seconds: read(join(model, 'metrics.json')).seconds.total,
  };
}

function mean(models: readonly Trained[]): number {
  return models.reduce((sum, { macroF1 }) => sum + macroF1, 0) / models.length;
}

/** Half of the 95 % interval of the mean over the seeds. */
function margin(models: readonly Trained[]): number {
  const middle = mean(models);
  const squares = models.reduce((sum, { macroF1 }) => sum + (macroF1 - middle) ** 2, 0);
  return QUANTILE * Math.sqrt(squares / (models.length - 1) / models.length);
}
