import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFolderArtifactStore } from '../../pipeline/local/folder-artifact-store.ts';
import { jobFolder, readFailure } from '../../pipeline/local/job-runner/job-folder.ts';
import { aJobSpec } from '../fakes/samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** What is read of the failure file that `make` leaves. */
function failureOf(make: (file: string) => void) {
  const root = temporaryFolder();
  const artifacts = createFolderArtifactStore({ root: join(root, 'artifacts') });
  const folder = jobFolder({ spec: aJobSpec(), artifacts, workFolder: join(root, 'work') });
  mkdirSync(folder.output, { recursive: true });
  make(join(folder.output, 'failure'));
  return readFailure(folder);
}

describe('the failure file of a script', () => {
  it('is the reason, without the space around it', async () => {
    expect(await failureOf((file) => writeFileSync(file, ' One class only.\n'))).toBe(
      'One class only.',
    );
  });

  it('is read up to 8 KB', async () => {
    const reason = await failureOf((file) => writeFileSync(file, 'x'.repeat(1_000_000)));

    expect(reason).toHaveLength(8192);
  });

  it.each([
    ['a pipe', (file: string) => void execFileSync('mkfifo', [file])],
    ['a link', (file: string) => symlinkSync('/etc/hosts', file)],
    ['a folder', (file: string) => void mkdirSync(file)],
    ['empty', (file: string) => writeFileSync(file, ' ')],
    ['absent', () => {}],
  ])('gives no reason when it is %s', async (_, make) => {
    expect(await failureOf(make)).toBeNull();
  });
});
