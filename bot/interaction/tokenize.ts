/** A parsed command: plain words, and `key=value` pairs. */
export interface Typed {
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string>>;
}

/** Slack and phones turn straight quotes into these and two hyphens into a dash. */
const QUOTES: Readonly<Record<string, RegExp>> = {
  '"': /["”“]/,
  '“': /["”“]/,
  '”': /["”“]/,
  '„': /["”“]/,
  "'": /['’‘]/,
  '‘': /['’‘]/,
  '’': /['’‘]/,
  '`': /`/,
};

/**
 * Splits at spaces outside quotes. Lenient: an unclosed quote ends with the text, quotes inside a
 * word are literal, leading dashes before a key are dropped, and the last of two equal keys wins.
 */
export function tokenize(text: string): Typed {
  return typedOf(tokensOf(text));
}

/** The same for words a shell has already split. */
export function typedOf(tokens: readonly { text: string; isQuoted: boolean }[]): Typed {
  const words: string[] = [];
  const options = new Map<string, string>();
  for (const token of tokens) {
    const pair = /^(?:--?|[–—])?([A-Za-z][\w.-]*)=(.*)$/su.exec(token.text);
    if (pair !== null && !token.isQuoted) options.set((pair[1] ?? '').toLowerCase(), pair[2] ?? '');
    else if (token.text !== '' || token.isQuoted) words.push(token.text);
  }
  return { words, options: Object.fromEntries(options) };
}

function tokensOf(text: string): { text: string; isQuoted: boolean }[] {
  const tokens: { text: string; isQuoted: boolean }[] = [];
  let current = '';
  let started = false;
  let isQuoted = false;
  let closing: RegExp | null = null;
  const end = () => {
    if (started) tokens.push({ text: current, isQuoted });
    [current, started, isQuoted] = ['', false, false];
  };
  for (const character of text) {
    if (closing !== null) {
      if (closing.test(character)) closing = null;
      else current += character;
    } else if (/\s/u.test(character)) {
      end();
    } else if (QUOTES[character] !== undefined && (current === '' || current.endsWith('='))) {
      closing = QUOTES[character];
      isQuoted = current === '';
      started = true;
    } else {
      current += character;
      started = true;
    }
  }
  end();
  return tokens;
}

/** The text that {@link tokenize} reads as these; null when no quotes are left to keep a value whole. */
export function textOf({ words, options }: Typed): string | null {
  const quoted = [
    ...words.map((word) => quote(word, /[\s=]|^["“”„'‘’`]|^$/u)),
    ...Object.entries(options).map(([key, value]) => {
      const kept = quote(value, /\s|^["“”„'‘’`]/u);
      return kept === null ? null : `${key}=${kept}`;
    }),
  ];
  return quoted.includes(null) ? null : quoted.join(' ');
}

function quote(text: string, needed: RegExp): string | null {
  if (!needed.test(text)) return text;
  if (!/["”“]/u.test(text)) return `"${text}"`;
  return text.includes('`') ? null : `\`${text}\``;
}
