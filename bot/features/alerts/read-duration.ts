import parseDuration from 'parse-duration';
import { shown } from '../../blocks/escape.ts';
import { instead, Misread } from '../../interaction/misread.ts';

const DEFAULT_MINUTES = 8 * 60;
const MOST_DAYS = 30;
const MOST_MINUTES = MOST_DAYS * 24 * 60;

/**
 * The minutes of `30 minutes`, `8h`, `1 day`; without words the default of 8 hours.
 * @throws {Misread} `DURATION_INVALID`, which offers what a number without a unit may mean.
 */
export function readDuration(model: string, words: readonly string[]): number {
  const spoken = words.map((word) => word.toLowerCase()).filter((word) => word !== 'until');
  if (spoken.length === 0) return DEFAULT_MINUTES;
  const typed = spoken.join(' ');
  if (/^\d+$/.test(typed)) throw withoutUnit(model, Number(typed));
  const minutes = isDuration(typed) ? parseDuration(withCount(typed), 'minute') : null;
  if (minutes !== null && minutes >= 1 && minutes <= MOST_MINUTES) return Math.round(minutes);
  const isTooLong = minutes !== null && minutes > MOST_MINUTES;
  throw new Misread(
    'DURATION_INVALID',
    isTooLong
      ? `Alerts can be muted for at most ${MOST_DAYS} days.`
      : `“${shown(words.join(' '), 40)}” is not a duration.`,
    {
      ...(isTooLong ? {} : { hint: 'Use a duration such as 30 minutes, 8h or 7 days.' }),
      corrections: isTooLong ? [instead([model, `${MOST_DAYS}d`])] : [],
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

function withoutUnit(model: string, amount: number): Misread {
  const readings = [
    ['h', amount <= MOST_DAYS * 24],
    ['m', true],
    ['d', amount <= MOST_DAYS],
  ] as const;
  return new Misread('DURATION_INVALID', `${amount} hours, minutes or days?`, {
    hint: 'Choose one:',
    corrections: readings
      .filter(([, isPossible]) => isPossible && amount > 0)
      .map(([unit]) => instead([model, `${amount}${unit}`])),
  });
}
