import { describe, expect, it } from 'vitest';
import { type Correction, correctionRows } from '../../pipeline/core/corrections.ts';
import { createCorrectionStore } from '../../pipeline/flow/correction-store.ts';
import { createFolderArtifactStore } from '../../pipeline/local/folder-artifact-store.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';

const correction: Correction = {
  model: 'spam',
  input: 'You have won a prize',
  label: 'ham',
  predicted: 'spam',
  version: 7,
  by: { kind: 'person', id: 'U0ADA', name: 'Ada' },
  at: '2026-11-20T09:00:00.000Z',
};
const later = { ...correction, label: 'spam', at: '2026-11-20T10:00:00.000Z' };

function opened() {
  return createCorrectionStore(createFolderArtifactStore({ root: temporaryFolder() }));
}

describe('the store of corrections', () => {
  it('keeps one correction per input, the last one', async () => {
    const store = opened();

    expect(await store.keep(correction)).toEqual({ isNew: true });
    expect(await store.keep({ ...later, input: `  ${correction.input}\n` })).toEqual({
      isNew: false,
    });

    expect(await store.count('spam')).toBe(1);
    expect(await store.list('spam', 10)).toMatchObject([{ label: 'spam' }]);
  });

  it('takes features for the same whatever their order', async () => {
    const store = opened();

    await store.keep({ ...correction, input: { a: 1, b: 2 } });
    await store.keep({ ...correction, input: { b: 2, a: 1 } });

    expect(await store.count('spam')).toBe(1);
  });

  it('lists the newest first, of one model only', async () => {
    const store = opened();
    await store.keep(correction);
    await store.keep({ ...later, input: 'other' });
    await store.keep({ ...correction, model: 'tumour', input: { radius: 1 } });

    expect((await store.list('spam', 10)).map(({ at }) => at)).toEqual([later.at, correction.at]);
    expect(await store.list('spam', 1)).toHaveLength(1);
    expect(await store.list('none', 10)).toEqual([]);
  });
});

describe('the rows of corrections', () => {
  it('have the columns of the datasets, and nothing else', () => {
    const rows = correctionRows(
      [correction, { ...correction, input: { radius: 1.5 }, label: 'benign' }],
      { label: 'diagnosis', text: 'message' },
    );

    expect(
      rows
        .trim()
        .split('\n')
        .map((row) => JSON.parse(row)),
    ).toEqual([
      { message: 'You have won a prize', diagnosis: 'ham' },
      { radius: 1.5, diagnosis: 'benign' },
    ]);
  });
});
