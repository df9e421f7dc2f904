import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFolderArtifactStore } from '../../pipeline/local/folder-artifact-store.ts';
import { checkOutput } from '../../pipeline/local/job-runner/check-output.ts';
import { jobFolder } from '../../pipeline/local/job-runner/job-folder.ts';
import { aScriptSpec } from './job-runner-harness.ts';
import { temporaryFolder } from './temporary-folder.ts';

const NOBODY = 65_534;

function makeFolder() {
  const root = temporaryFolder();
  const spec = aScriptSpec('completes', { kind: 'evaluate' });
  const artifacts = createFolderArtifactStore({ root: join(root, 'artifacts') });
  const folder = jobFolder({ spec, artifacts, workFolder: join(root, 'work') });
  mkdirSync(join(folder.outputData, 'deep'), { recursive: true });
  chmodSync(root, 0o755);
  return { spec, folder, root };
}

/** Permissions do not bind root. */
async function withoutRights<T>(work: () => Promise<T>): Promise<T> {
  const user = process.geteuid?.();
  if (user === 0) process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    if (user === 0) process.seteuid?.(user);
  }
}

describe('checkOutput', () => {
  it('takes plain files of any depth, and folders that are absent', async () => {
    const { spec, folder } = makeFolder();
    writeFileSync(join(folder.outputData, 'deep/Zoë.json'), '');

    await expect(checkOutput(spec, folder)).resolves.toBeUndefined();
  });

  it('refuses a file without read permission', async () => {
    const { spec, folder } = makeFolder();
    writeFileSync(join(folder.outputData, 'deep/closed'), '', { mode: 0 });

    const checked = withoutRights(() => checkOutput(spec, folder));

    await expect(checked).rejects.toMatchObject({
      code: 'EVALUATION_FAILED',
      message: 'The output folder contains “deep/closed”, which cannot be read.',
    });
  });

  it('escapes what cannot be seen in a name', async () => {
    const { spec, folder } = makeFolder();
    writeFileSync(join(folder.outputData, '\u202egpj.exe\n'), '', { mode: 0 });

    const checked = withoutRights(() => checkOutput(spec, folder));

    await expect(checked).rejects.toThrow('“\\u{202e}gpj.exe\\u{a}”');
  });
});
