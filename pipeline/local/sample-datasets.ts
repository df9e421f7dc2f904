import { execFile } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The sample files, in the order in which the demo uses them. */
export const sampleFiles = {
  first: 'spam-1-first.csv',
  more: 'spam-2-more.csv',
  mislabelled: 'spam-3-mislabelled.csv',
  tumour: 'tumour-1.csv',
} as const;

/**
 * Makes the sample datasets once: real mails of the SpamAssassin corpus as its npm package ships
 * them, and the breast cancer data of scikit-learn. Returns their folder.
 */
export async function makeSampleDatasets(options: {
  readonly root: string;
  readonly python: string;
  readonly folder: string;
}): Promise<string> {
  const { root, python, folder } = options;
  if (existsSync(join(folder, sampleFiles.tumour))) return folder;
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const source = join(root, 'node_modules', '@stdlib', 'datasets-spam-assassin', 'data');
  const script = (name: string) => join(root, 'training', 'samples', name);
  await Promise.all([
    run(python, [script('spam_assassin.py'), '--source', source, '--output-dir', unfinished]),
    run(python, [script('breast_cancer.py'), '--output-dir', unfinished]),
  ]);
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
  return folder;
}
