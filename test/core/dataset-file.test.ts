import { describe, expect, it } from 'vitest';
import { isNoDataset, refuseFileName } from '../../pipeline/core/dataset-file.ts';

describe('refuseFileName', () => {
  it.each(['mails.csv', 'MAILS.CSV', 'März 2026 (final).jsonl', '日本語.ndjson', '`rm -rf`.csv'])(
    'takes %j',
    (name) => {
      expect(refuseFileName(name)).toBeNull();
    },
  );

  it.each(['..', 'a/b.csv', 'nul\u0000.csv', '.csv', 'csv', 'mails.csv.exe'])(
    'refuses %j',
    (name) => {
      expect(refuseFileName(name)).not.toBeNull();
    },
  );
});

describe('isNoDataset', () => {
  it('passes over what is being written, but no hidden dataset', () => {
    const silent = ['.~lock.a.csv#', 'a.csv.crdownload', 'Thumbs.db', '._a.csv', '_SUCCESS'];
    const refused = ['.a.csv', '_a.csv', 'a.csv', 'a.txt'];

    expect(silent.filter(isNoDataset)).toEqual(silent);
    expect(refused.filter(isNoDataset)).toEqual([]);
  });
});
