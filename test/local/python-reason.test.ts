import { describe, expect, it } from 'vitest';
import { createKeptLines } from '../../pipeline/local/python-reason.ts';

const traceback = [
  'Traceback (most recent call last):',
  '  File "train.py", line 7, in main',
  '    raise ValueError("first")',
  'ValueError: first',
  'During handling of the above exception, another exception occurred:',
  'Traceback (most recent call last):',
  '  File "train.py", line 9, in main',
  '    ^^^^^^',
  'torch.cuda.OutOfMemoryError: CUDA out of memory.',
];
const abort = [
  'Fatal Python error: Aborted',
  'Current thread 0x00007f58ce07fb80 (most recent call first):',
  '  <no Python frame>',
];

describe('createKeptLines', () => {
  it.each([
    ['the last line', ['loading', 'The model has no labels.'], 'The model has no labels.'],
    ['the exception of the last traceback', traceback, traceback.at(-1)],
    ['an exception before what follows it', [...traceback, ...abort], traceback.at(-1)],
    ['the last words of the interpreter', ['loading', ...abort], 'Fatal Python error: Aborted'],
    ['the start of an endless line', ['x'.repeat(5000)], 'x'.repeat(400)],
    ['nothing of a silent process', [], null],
  ])('finds %s', (_, lines, reason) => {
    const kept = createKeptLines();

    for (const line of lines) kept.add(line);

    expect(kept.reason()).toBe(reason);
  });
});
