import { cp, mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** The parts of `training/` that the prepare function imports. */
const prepareParts = ['prepare_lambda.py', 'prepare_data.py', 'prepare'];
/** The parts that jobs run, without samples, caches and development requirements. */
const trainingParts = [
  'run_script.py',
  'evaluate_model.py',
  'evaluation',
  'job',
  'recipes',
  'serving',
  'prepare_data.py',
  'prepare',
];

/** Copies the code of the prepare function into a folder and returns it. */
export function stagePrepareCode(root: string, out: string): Promise<string> {
  return stage(root, join(out, 'prepare'), prepareParts);
}

/** Copies the code of SageMaker jobs into a folder and returns it. */
export function stageTrainingCode(root: string, out: string): Promise<string> {
  return stage(root, join(out, 'training'), trainingParts);
}

async function stage(root: string, folder: string, parts: readonly string[]): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const part of parts) {
    await cp(join(root, 'training', part), join(folder, part), {
      recursive: true,
      filter: (source) => !/^(__pycache__|\..*)$|\.pyc$/.test(basename(source)),
    });
  }
  return folder;
}
