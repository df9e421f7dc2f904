import type { GatePolicy } from '../../pipeline/core/config.ts';

/** Numbers as every message writes them: with units, and with a sign where they are a change. */

export const metricTitles: Readonly<Record<GatePolicy['metric'], string>> = {
  macro_f1: 'Macro-F1',
  accuracy: 'Accuracy',
};

/** A share from 0 to 1 with three decimals. */
export const figure = (share: number): string => share.toFixed(3);

/** A difference of shares in percentage points, with its sign. */
export function points(difference: number): string {
  const rounded = (Math.abs(difference) * 100).toFixed(1);
  if (rounded === '0.0') return '±0.0 points';
  return `${difference < 0 ? '−' : '+'}${rounded} points`;
}

/** A whole number with thousands separators. */
export const count = (value: number): string => value.toLocaleString('en-US');

/** A count with its noun in singular or plural. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Progress in percent, rounded down so that 100 % means finished. */
export function percent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}

/** A share that should be small, such as failed requests; never 0 % unless it is zero. */
export function smallShare(share: number): string {
  if (share === 0) return '0 %';
  return share < 0.0005 ? '<0.1 %' : `${(share * 100).toFixed(1)} %`;
}

/** A duration given in seconds, in at most two units. */
export function duration(seconds: number): string {
  if (seconds < 0.1) return '<0.1 s';
  if (seconds < 0.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [days, hours, minutes, rest] = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3_600) % 24,
    Math.floor(whole / 60) % 60,
    whole % 60,
  ] as const;
  const units = [
    [days, 'd'],
    [hours, 'h'],
    [minutes, 'min'],
    [rest, 's'],
  ] as const;
  const first = units.findIndex(([value]) => value > 0);
  return units
    .slice(first, first + 2)
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(' ');
}

/** Seconds from one instant to another; 0 when they are out of order. */
export function secondsBetween(from: string, to: string): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}

/** A size in decimal units. */
export function bytes(value: number): string {
  if (value < 1_000) return `${value} B`;
  if (value < 1_000_000) return `${(value / 1_000).toFixed(1)} kB`;
  if (value < 1_000_000_000) return `${(value / 1_000_000).toFixed(1)} MB`;
  return `${(value / 1_000_000_000).toFixed(1)} GB`;
}

/** A phrase as the start of a sentence. */
export const capitalised = (phrase: string): string =>
  phrase.charAt(0).toUpperCase() + phrase.slice(1);

/** A bar of `width` cells, filled from the left. */
export function progressBar(share: number, width = 20): string {
  const filled = Math.max(0, Math.min(width, Math.floor(share * width)));
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}
