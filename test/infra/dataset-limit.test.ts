import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MAX_DATASET_BYTES } from '../../pipeline/core/dataset-file.ts';
import { synthesize } from './synthesized.ts';

const root = resolve(import.meta.dirname, '../..');
const { serviceTemplate } = synthesize();

/** The products of whole numbers that a Python file gives for a limit. */
function limitIn(file: string, name: string): number {
  const text = readFileSync(join(root, 'training', file), 'utf8');
  const found = new RegExp(`${name}[^=]*=\\s*(\\d+(?: \\* \\d+)*)`).exec(text)?.[1];
  if (found === undefined) throw new Error(`${file} has no ${name}.`);
  return found.split(' * ').reduce((product, factor) => product * Number(factor), 1);
}

describe('the limit of datasets', () => {
  it.each([
    ['prepare_lambda.py', 'MAX_BYTES'],
    ['prepare_data.py', '"--max-bytes", type=int, default'],
    ['prepare/pipeline.py', 'max_bytes: int'],
  ])('is the same in training/%s as for uploads', (file, name) => {
    expect(limitIn(file, name)).toBe(MAX_DATASET_BYTES);
  });

  it('fits the function: seven times over on its disk, and what it needs of memory', () => {
    const [prepare] = Object.values(
      serviceTemplate.findResources('AWS::Lambda::Function', {
        Properties: { Handler: 'prepare_lambda.handler' },
      }),
    );
    const megabytes = MAX_DATASET_BYTES / 1024 ** 2;

    // Input, three sides and their temporary copies, and the rows of two earlier versions.
    expect(prepare?.Properties.EphemeralStorage.Size).toBeGreaterThanOrEqual(7 * megabytes);
    // 17 bytes for each of a dataset of short texts (measured, docs/decisions/0015).
    expect(prepare?.Properties.MemorySize).toBeGreaterThanOrEqual(17 * megabytes);
  });
});
