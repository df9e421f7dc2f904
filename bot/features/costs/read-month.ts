import { addMonths } from 'date-fns/addMonths';
import { isValid } from 'date-fns/isValid';
import { parse } from 'date-fns/parse';

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
  for (const form of ['yyyy-MM', 'MM/yyyy', 'MMMM yyyy', 'MMM yyyy', 'MMMM', 'MMM']) {
    const read = parse(typed, form, first);
    if (!isValid(read) || read.getFullYear() < 2000) continue;
    // The library reads in the zone of the machine; the day after the first is in the month everywhere.
    const named = new Date(Date.UTC(read.getFullYear(), read.getMonth(), 2));
    const isAhead = named > now && !form.includes('y');
    return monthOf(isAhead ? addMonths(named, -12) : named);
  }
  return null;
}
