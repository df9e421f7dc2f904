import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bundles } from './bundle-all.ts';
import { lambdaNames } from './entries.ts';

/** Bundles of empty files, for templates alone: those do not depend on what the functions do. */
export function emptyBundles(): Bundles {
  const root = mkdtempSync(join(tmpdir(), 'mlops-bundles-'));
  const folder = (name: string, file: string) => {
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, file), '');
    return join(root, name);
  };
  const functions = Object.fromEntries(
    lambdaNames.map((name) => [name, folder(name, 'index.mjs')]),
  );
  return {
    functions: functions as Bundles['functions'],
    prepare: folder('prepare', 'prepare_lambda.py'),
    training: folder('training', 'evaluate_model.py'),
  };
}
