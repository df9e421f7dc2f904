/** A month as `2026-11`, in UTC, as AWS bills. */
export type Month = string;

const FIRST_YEAR = 2000;
const NUMBERS = /^(?:(\d{4})-(\d{1,2})|(\d{1,2})\/(\d{4}))$/;
/** Three letters tell all months apart. */
const NAME = /^([a-z]{3,})(?: (\d{4}))?$/;

/**
 * Reads `2026-10`, `10/2026`, `last month`, `October`, `oct 2026` or nothing for this month; a month
 * without a year is the latest of that name. Null for anything else.
 */
export function readMonth(words: readonly string[], now: Date): Month | null {
  const typed = words.join(' ').toLowerCase();
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth() + 1];
  if (['', 'this month', 'month', 'today', 'this'].includes(typed)) return toMonth(year, month);
  if (['last', 'last month', 'previous month', 'previous'].includes(typed)) {
    return month === 1 ? toMonth(year - 1, 12) : toMonth(year, month - 1);
  }
  const numbers = NUMBERS.exec(typed);
  if (numbers !== null) {
    const [, yearFirst, monthLast, monthFirst, yearLast] = numbers;
    return toMonth(Number(yearFirst ?? yearLast), Number(monthLast ?? monthFirst));
  }
  const [, name = '-', typedYear] = NAME.exec(typed) ?? [];
  const named = monthNames().findIndex((each) => each.startsWith(name)) + 1;
  return toMonth(
    typedYear === undefined ? year - (named > month ? 1 : 0) : Number(typedYear),
    named,
  );
}

/** Null when there is no such month. */
function toMonth(year: number, month: number): Month | null {
  const isMonth = year >= FIRST_YEAR && month >= 1 && month <= 12;
  return isMonth ? `${year}-${String(month).padStart(2, '0')}` : null;
}

function monthNames(): readonly string[] {
  const names = new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' });
  return Array.from({ length: 12 }, (_, month) =>
    names.format(Date.UTC(FIRST_YEAR, month)).toLowerCase(),
  );
}
