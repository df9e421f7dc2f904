import type { Retirement } from '../../pipeline/core/run.ts';
import { actorFirst } from './actor.ts';
import { shown } from './escape.ts';
import { instant, italic, type Line } from './rich-text.ts';

/** Who retired a model, when and why, such as “Retired by Grace on 20 November at 12:00: too costly”. */
export function byLine({ by, at, reason }: Retirement): Line {
  const why = shown(reason, 200);
  return [
    `${actorFirst(by)} retired it on `,
    instant(at, 'date and time'),
    ...(why === '' ? [] : [': ', italic(why)]),
  ];
}
