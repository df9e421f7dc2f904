import { shown } from './escape.ts';
import { metricTitles } from './format.ts';

/** A recipe's metric name as people write it: `weighted_f1` becomes “Weighted F1”. */
export function metricTitle(name: string): string {
  if (Object.hasOwn(metricTitles, name)) return metricTitles[name as keyof typeof metricTitles];
  const words = name.replaceAll('_', ' ').replace(/\bf1\b/, 'F1');
  return shown(words.slice(0, 1).toUpperCase() + words.slice(1), 24);
}
