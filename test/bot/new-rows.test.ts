import { describe, expect, it } from 'vitest';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { evaluationEntry } from '../../bot/features/run/evaluation-entries.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { sample } from './sample.ts';

describe('the evaluation in the thread', () => {
  const text = (newRows: Run['newRows']) => {
    const { newRows: _, ...run } = sample('judged');
    const entry = evaluationEntry(
      { ...run, ...(newRows === undefined ? {} : { newRows }) },
      { title: 'Spam filter', metric: 'macro_f1' },
    );
    return entry === null ? '' : plainText(entry);
  };

  it.each([
    [0, 'No row is new since v6 was trained; to tell whether its score has fallen, at least 30'],
    [1, '1 row is new since v6 was trained;'],
    [12, '12 rows are new since v6 was trained;'],
  ])('says that %d new rows are too few to watch production on', (rows, words) => {
    expect(text({ rows, minimum: 30 })).toContain(words);
  });

  it('says nothing of it where the rows are enough, or were not counted', () => {
    expect(text({ rows: 30, minimum: 30 })).not.toContain('new since');
    expect(text(undefined)).not.toContain('new since');
  });
});
