import { describe, expect, it } from 'vitest';
import { graphemes } from '../../bot/blocks/graphemes.ts';

describe('graphemes', () => {
  it.each([
    ['accuracy 0.95', 13],
    ['', 0],
    ['a\r\nb', 3],
    ['👩‍👩‍👧 é', 3],
  ])('counts %j as people do', (text, count) => {
    expect(graphemes(text)).toHaveLength(count);
  });

  it('finds the same characters in plain text as the segmenter', () => {
    const plain = String.fromCharCode(...Array.from({ length: 128 }, (_, i) => i)).replace(
      '\r',
      '',
    );
    const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

    expect(graphemes(plain)).toEqual(Array.from(segmenter.segment(plain), (each) => each.segment));
  });
});
