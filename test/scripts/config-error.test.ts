import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../local/temporary-folder.ts';

const root = resolve(import.meta.dirname, '../..');

/** Runs an entry that imports this configuration, in a checkout that holds little else. */
function startWith(config: string) {
  const checkout = temporaryFolder();
  cpSync(join(root, 'scripts'), join(checkout, 'scripts'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
  symlinkSync(join(root, 'pipeline'), join(checkout, 'pipeline'));
  mkdirSync(join(checkout, 'scripts/mlops'), { recursive: true });
  writeFileSync(join(checkout, 'package.json'), '{"type":"module"}');
  writeFileSync(join(checkout, 'mlops.config.ts'), config);
  writeFileSync(
    join(checkout, 'scripts/mlops/main.ts'),
    "import '../../mlops.config.ts';\nexport async function main() {}\n",
  );
  return spawnSync(process.execPath, ['scripts/mlops.mjs'], {
    cwd: checkout,
    encoding: 'utf8',
    timeout: 20_000,
  });
}

describe('an error in mlops.config.ts', () => {
  it.each([
    [
      'a syntax error',
      'export default {\n  a: {{,\n};\n',
      'mlops.config.ts:2:6 cannot be read: Expected identifier but found "{".',
    ],
    [
      'a line that throws',
      'export default 1;\nnope();\n',
      'mlops.config.ts:2:1 fails: nope is not defined.',
    ],
    [
      'a wrong setting',
      "import { defineConfig } from './pipeline/core/config.ts';\ndefineConfig({ channel: '' } as never);\n",
      'mlops.config.ts is not valid:',
    ],
  ])('is explained without a stack: %s', (_name, config, message) => {
    const { status, stderr } = startWith(config);

    expect(stderr.trim().split('\n')[0]).toBe(`✗ ${message}`);
    expect(stderr).not.toContain('node:internal');
    expect(status).toBe(1);
  });
});
