import { addMonths } from 'date-fns/addMonths';

/** A month as `2026-11`, in UTC, as AWS bills. */
export type Month = string;

const monthOf = (at: Date): Month => at.toISOString().slice(0, 7);

/**
 * Reads `2026-10`, `last month`, `October`, `oct 2026` or nothing for this month; a month without a
 * year is the latest of that name. Null for anything else.
 */
export function readMonth(words: readonly string[], now: Date): Month | null {
  const typed = words.join(' ').toLowerCase();
  if (['', 'this month', 'month', 'today', 'this'].includes(typed)) return monthOf(now);
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1, 12));
  if (['last', 'last month', 'previous month', 'previous'].includes(typed)) {
    return monthOf(addMonths(first, -1));
  }
  const named = read(typed);
  if (named === null || !(named.month in NAMES) || (named.year ?? 2000) < 2000) return null;
  const year = named.year ?? now.getUTCFullYear();
  const month = new Date(Date.UTC(year, named.month, 2));
  const isAhead = month > now && named.year === null;
  return monthOf(isAhead ? addMonths(month, -12) : month);
}

const NAMES = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/** By hand, because the parser of date-fns takes 40 KB of each function that answers commands. */
function read(typed: string): { readonly month: number; readonly year: number | null } | null {
  const [, yearFirst, second] = /^(\d{4})-(\d{1,2})$/.exec(typed) ?? [];
  const [, monthFirst, last] = /^(\d{1,2})\/(\d{4})$/.exec(typed) ?? [];
  const [, name, year] = /^([a-z]{3,9})(?: (\d{4}))?$/.exec(typed) ?? [];
  if (yearFirst !== undefined) return { month: Number(second) - 1, year: Number(yearFirst) };
  if (monthFirst !== undefined) return { month: Number(monthFirst) - 1, year: Number(last) };
  if (name === undefined) return null;
  const month = NAMES.findIndex((each) => each.startsWith(name));
  return { month, year: year === undefined ? null : Number(year) };
}
