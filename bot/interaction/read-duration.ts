import parseDuration from 'parse-duration';
import { shown } from '../blocks/escape.ts';
import { instead, Misread } from './misread.ts';

/** What a duration of a command may be. */
export interface DurationLimits {
  /** In minutes. */
  readonly whenLeftOut: number;
  readonly mostDays: number;
  /** Says what may be at most `mostDays` long, as a sentence. */
  readonly tooLong: string;
}

const MINUTES_OF_A_DAY = 24 * 60;

/**
 * The minutes of `30 minutes`, `8h`, `1 day`, behind what the command is about.
 * @throws {Misread} `DURATION_INVALID`, which offers what a number without a unit may mean.
 */
export function readDuration(
  subject: string,
  words: readonly string[],
  limits: DurationLimits,
): number {
  const { whenLeftOut, mostDays, tooLong } = limits;
  const most = mostDays * MINUTES_OF_A_DAY;
  const spoken = words.map((word) => word.toLowerCase()).filter((word) => word !== 'until');
  if (spoken.length === 0) return whenLeftOut;
  const typed = spoken.join(' ');
  if (/^\d+$/.test(typed)) throw withoutUnit(subject, Number(typed), mostDays);
  const minutes = isDuration(typed) ? parseDuration(withCount(typed), 'minute') : null;
  if (minutes !== null && minutes >= 1 && minutes <= most) return Math.round(minutes);
  const isTooLong = minutes !== null && minutes > most;
  throw new Misread(
    'DURATION_INVALID',
    isTooLong ? tooLong : `“${shown(words.join(' '), 40)}” is not a duration.`,
    {
      ...(isTooLong ? {} : { hint: 'Use a duration such as 30 minutes, 8h or 7 days.' }),
      corrections: isTooLong ? [instead([subject, `${mostDays}d`])] : [],
    },
  );
}

/** The library ignores words it does not know; nothing but durations may be here. */
function isDuration(typed: string): boolean {
  const unit = 'm|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?';
  return new RegExp(`^(?:half )?(?:(?:\\d+(?:\\.\\d+)?)?\\s*(?:${unit})\\s*)+$`).test(typed);
}

/** `hour` is one hour, `half hour` half of one. */
function withCount(typed: string): string {
  if (typed.startsWith('half ')) return typed.replace('half ', '0.5 ');
  return /^\d/.test(typed) ? typed : `1 ${typed}`;
}

function withoutUnit(subject: string, amount: number, mostDays: number): Misread {
  const readings = [
    ['h', amount <= mostDays * 24],
    ['m', true],
    ['d', amount <= mostDays],
  ] as const;
  return new Misread('DURATION_INVALID', `${amount} hours, minutes or days?`, {
    hint: 'Choose one:',
    corrections: readings
      .filter(([, isPossible]) => isPossible && amount > 0)
      .map(([unit]) => instead([subject, `${amount}${unit}`])),
  });
}
