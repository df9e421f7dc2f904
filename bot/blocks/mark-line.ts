import type { VersionMark } from '../../pipeline/core/rollback/version-mark.ts';
import { shown } from './escape.ts';
import { bold, instant, italic, type Line } from './rich-text.ts';

/** Why a version left production, and who took the mark off since. */
export function markLine(mark: VersionMark): Line {
  const { kind, version, by, at, reason, lifted } = mark;
  const what = kind === 'rolled_back' ? `rolled back by ${nameOf(by)} ` : 'put back ';
  return [
    bold(`↩️ v${version} was ${what}`),
    instant(at, 'date and time'),
    ...why(reason),
    ...(lifted === null ? [] : [`. ${nameOf(lifted.by)} lifted the mark`, ...why(lifted.reason)]),
  ];
}

/** The same in a few words, for lists; empty once the mark is lifted. */
export function markPhrase({ kind, by, reason, lifted }: VersionMark): Line {
  if (lifted !== null) return [];
  return kind === 'rolled_back'
    ? [' · ', bold(`↩️ rolled back by ${nameOf(by)}`), ...why(reason, 80)]
    : [' · ', bold('↩️ put back'), ...why(reason, 80)];
}

const nameOf = (by: VersionMark['by']): string => shown(by?.name ?? 'someone', 40);

function why(reason: string | null, characters = 200): Line {
  const text = shown(reason ?? '', characters);
  return text === '' ? [] : [': ', italic(text)];
}
