/** Seconds by what they were spent on, in order. */
export type Segments = Readonly<Record<string, number>>;

const SYMBOLS = '░▒▓█▚▞▖▗';
const CHARACTERS_PER_SECOND = 4;

/** Stacked bars, one line each, with a legend; a part that is not zero has one character at least. */
export function drawSegments(
  bars: readonly { readonly name: string; readonly segments: Segments }[],
): string {
  const parts = [...new Set(bars.flatMap(({ segments }) => Object.keys(segments)))];
  const symbolOf = (part: string) => SYMBOLS[parts.indexOf(part) % SYMBOLS.length] ?? '';
  const width = Math.max(...bars.map(({ name }) => name.length));
  const lines = bars.map(({ name, segments }) => {
    const bar = parts.map((part) => symbolOf(part).repeat(lengthOf(segments[part] ?? 0))).join('');
    const total = Object.values(segments).reduce((sum, seconds) => sum + seconds, 0);
    return `  ${name.padEnd(width)} ${bar} ${total.toFixed(1)} s`;
  });
  const legend = parts.map((part) => {
    const figures = bars.map(({ segments }) => (segments[part] ?? 0).toFixed(2).padStart(6));
    return `  ${symbolOf(part)} ${figures.join('')} s  ${part}`;
  });
  return [...lines, '', ...legend].join('\n');
}

function lengthOf(seconds: number): number {
  return seconds <= 0 ? 0 : Math.max(1, Math.round(seconds * CHARACTERS_PER_SECOND));
}
