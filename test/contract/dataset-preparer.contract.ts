import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ArtifactStore, DatasetPreparer, PrepareRequest } from '../../pipeline/core/ports.ts';

/** Half of the rows spam; no two are alike, or near-duplicates would share a side. */
export function distinctMails(from: number, to: number): string {
  const rows = Array.from({ length: to - from }, (_, index) => {
    const digest = createHash('sha256')
      .update(`${from + index}`)
      .digest('hex');
    return `${index % 2 === 0 ? 'ham' : 'spam'},${(digest.match(/.{8}/g) ?? []).join(' ')}`;
  });
  return ['label,text', ...rows].join('\n');
}

const keyOf = (version: string) => `datasets/spam/${version}/mails.csv`;
const request: PrepareRequest = {
  inputKey: keyOf('bbbbbbbbbbbb'),
  fileName: 'mails.csv',
  appendTo: [{ inputKey: keyOf('aaaaaaaaaaaa'), fileName: 'mails.csv' }],
  outputPrefix: 'runs/spam-aaaaaaaa/prepared/',
  task: 'text-classification',
  labelColumn: 'label',
  textColumn: 'text',
  groupColumn: null,
  timeColumn: null,
  sliceColumns: [],
  onConflict: 'keep',
  earlier: [],
};

/** What every {@link DatasetPreparer} keeps when a file is appended; `make` returns an empty one. */
export function describeDatasetPreparer(
  name: string,
  make: () => Promise<{ preparer: DatasetPreparer; artifacts: ArtifactStore }>,
): void {
  describe(`DatasetPreparer: ${name}`, () => {
    it('makes one dataset of files with one name, and says what each brought', async () => {
      const { preparer, artifacts } = await make();
      const [first, second] = [distinctMails(0, 120), distinctMails(110, 160)];
      await artifacts.put(keyOf('aaaaaaaaaaaa'), first);
      await artifacts.put(keyOf('bbbbbbbbbbbb'), second);
      const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

      const report = await preparer.prepare(request);

      expect(report).toMatchObject({
        status: 'ok',
        rows: { read: 170, kept: 160 },
        sources: [
          { name: 'mails.csv', sha256: sha256(first), rows: { read: 120, kept: 120 } },
          { name: 'mails.csv', sha256: sha256(second), rows: { read: 50, kept: 40 } },
        ],
      });
      expect(await artifacts.list(request.outputPrefix)).toHaveLength(4);
    });

    it('names an earlier file that is gone, and writes nothing', async () => {
      const { preparer, artifacts } = await make();
      await artifacts.put(keyOf('bbbbbbbbbbbb'), distinctMails(0, 120));

      const report = await preparer.prepare(request);

      expect(report.errors).toMatchObject([
        {
          code: 'earlier_file_gone',
          message: 'The file "mails.csv", which the new rows are appended to, is no longer stored.',
        },
      ]);
      expect(await artifacts.list(request.outputPrefix)).toEqual([]);
    });
  });
}
