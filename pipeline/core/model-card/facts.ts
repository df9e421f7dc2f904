import type { Interval } from '../evidence/interval.ts';
import type { CardSection } from './model-card.ts';

type Fact = readonly [name: string, value: string | number | boolean | null | undefined];

/** A chapter of named facts; those that are not known are left out. */
export function toSection(
  title: string,
  facts: readonly Fact[],
  lines: readonly string[] = [],
  {
    level = 2,
    tables = [],
  }: { readonly level?: 2 | 3; readonly tables?: CardSection['tables'] } = {},
): CardSection {
  const named = facts.flatMap(([name, value]) =>
    value === null || value === undefined || value === '' ? [] : [`${name}: ${value}`],
  );
  return { title, level, lines: [...named, ...lines], tables: [...tables] };
}

export const figure = (share: number): string => share.toFixed(3);
export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
export const count = (value: number): string => value.toLocaleString('en-US');

/** In percentage points, with its sign. */
export function points(difference: number): string {
  const size = (Math.abs(difference) * 100).toFixed(1);
  return `${difference < 0 && size !== '0.0' ? '−' : '+'}${size} points`;
}

export function withInterval(interval: Interval | null): string {
  if (interval === null) return '–';
  const { estimate, lower, upper } = interval;
  return `${figure(estimate)} (${figure(lower)}–${figure(upper)})`;
}
