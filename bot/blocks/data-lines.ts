import type { Run } from '../../pipeline/core/run.ts';
import { shown } from './escape.ts';
import { plural } from './format.ts';
import { bold, type Line } from './rich-text.ts';

/** How the data differs from that of production; empty when it does not, or was not compared. */
export function dataLines({ dataChanges }: Run, most: number): readonly Line[] {
  if (dataChanges === undefined) return [];
  const { against, changes } = dataChanges;
  const rest = changes.length - most;
  return [
    ...changes
      .slice(0, most)
      .map(
        ({ reason }, index): Line => [
          bold(index === 0 ? `Data since v${against}: ` : 'Also: '),
          shown(reason, 300),
        ],
      ),
    ...(rest > 0 ? [[`and ${plural(rest, 'more difference')}`]] : []),
  ];
}

/** Whether the run ended before training because of its data. */
export function isStoppedByData({ dataChanges }: Run): boolean {
  return dataChanges?.action === 'stop';
}
