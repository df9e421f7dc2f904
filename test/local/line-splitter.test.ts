import { describe, expect, it } from 'vitest';
import { createLineSplitter } from '../../pipeline/local/line-splitter.ts';

function split(...texts: readonly string[]): readonly string[] {
  const lines: string[] = [];
  const splitter = createLineSplitter((line) => lines.push(line));
  for (const text of texts) splitter.write(text);
  splitter.end();
  return lines;
}

describe('createLineSplitter', () => {
  it.each([
    [['one\ntwo\n'], ['one', 'two']],
    [
      ['o', 'ne\nt', 'wo'],
      ['one', 'two'],
    ],
    [['10 %\r20 %\r\n'], ['10 %', '20 %']],
    [['\n\n  \n'], []],
  ])('cuts %j into %j', (texts, lines) => {
    expect(split(...texts)).toEqual(lines);
  });

  it('drops what a line has beyond 64 K characters', () => {
    const huge = Array.from({ length: 100 }, () => 'x'.repeat(10_000));

    const lines = split(...huge, '\nnext');

    expect(lines.map((line) => line.length)).toEqual([65_536, 4]);
  });
});
