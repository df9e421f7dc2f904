/** ASCII without CR, which is one character with a LF after it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is what is meant.
const isPlain = /^[\x00-\x0c\x0e-\x7f]*$/;

let segmenter: Intl.Segmenter | null = null;

/** The characters of a text as people count them: an emoji with its modifiers is one. */
export function graphemes(text: string): readonly string[] {
  if (isPlain.test(text)) return text.split('');
  // Made when first needed: its tables take 10 ms to load, which every cold start would wait for.
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
