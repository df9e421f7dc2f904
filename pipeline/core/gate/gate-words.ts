import type { GatePolicy } from '../config.ts';

/** Figures as the reasons of a verdict write them. */

export const figure = (value: number): string => value.toFixed(3);
export const points = (share: number): string => `${(share * 100).toFixed(1)} points`;
export const signedPoints = (share: number): string =>
  `${share < 0 ? '−' : '+'}${points(Math.abs(share))}`;
export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
export const rows = (count: number, noun = 'row'): string =>
  `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;

/** 1 − alpha in percent, with as many decimals as it takes to tell it from 100 %. */
export function confidence(alpha: number): string {
  const decimals = Math.max(0, Math.ceil(-Math.log10(alpha)) - 2);
  return `${((1 - alpha) * 100).toFixed(decimals)} %`;
}

/** The first labels in quotation marks, and how many more. */
export function quoted(labels: readonly string[], most = 3): string {
  const named = labels.slice(0, most).map((label) => `“${label}”`);
  const rest = labels.length - named.length;
  return rest > 0 ? `${named.join(', ')} and ${rest} more` : named.join(', ');
}

export const titles: Readonly<Record<GatePolicy['metric'], string>> = {
  macro_f1: 'macro-F1',
  accuracy: 'accuracy',
};
