/** One thing that was looked at: good, worth knowing, or in the way. */
export interface Check {
  readonly state: 'good' | 'note' | 'bad';
  readonly text: string;
  /** What to do; only where something is not good. */
  readonly fix?: string;
}

export const good = (text: string): Check => ({ state: 'good', text });
export const note = (text: string, fix: string): Check => ({ state: 'note', text, fix });
export const bad = (text: string, fix: string): Check => ({ state: 'bad', text, fix });

const marks = { good: '✓', note: '!', bad: '✗' } as const;

export function toLines(checks: readonly Check[]): string {
  return checks
    .map(
      ({ state, text, fix }) => `${marks[state]} ${text}\n${fix === undefined ? '' : `  ${fix}\n`}`,
    )
    .join('');
}
