import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenize } from '../../bot/interaction/tokenize.ts';

describe('tokenize', () => {
  it.each<[string, readonly string[], Record<string, string>]>([
    ['', [], {}],
    ['  retrain   spam ', ['retrain', 'spam'], {}],
    ['retrain spam epochs=3', ['retrain', 'spam'], { epochs: '3' }],
    ['retrain spam --epochs=3 —lr=0.1', ['retrain', 'spam'], { epochs: '3', lr: '0.1' }],
    ['x reason="two words" y', ['x', 'y'], { reason: 'two words' }],
    ['x reason=“smart quotes”', ['x'], { reason: 'smart quotes' }],
    ["x reason='it is'", ['x'], { reason: 'it is' }],
    ['x reason="never closed', ['x'], { reason: 'never closed' }],
    ['x reason=', ['x'], { reason: '' }],
    ['"a=b"', ['a=b'], {}],
    ['""', [''], {}],
    ["don't", ["don't"], {}],
    ['a=1 A=2', [], { a: '2' }],
    ['url=https://a.example/?b=c', [], { url: 'https://a.example/?b=c' }],
    ['=x 1=2', ['=x', '1=2'], {}],
    ['tiếng việt 🚀', ['tiếng', 'việt', '🚀'], {}],
    ['__proto__=1', ['__proto__=1'], {}],
    ['constructor=1', [], { constructor: '1' }],
  ])('%j', (text, words, options) => {
    expect(tokenize(text)).toEqual({ words, options });
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { words } = tokenize(text);

        expect(words.every((word) => text.includes(word) || word.length < text.length)).toBe(true);
      }),
    );
  });
});
