import { criticalValue } from '../gate/normal.ts';
import type { DataDifference } from './data-changes.ts';
import type { DataProfile } from './data-profile.ts';

/** Points by which the share of empty cells of a column must have moved to be mentioned. */
const MOVED = 0.05;
const MOST_COLUMNS = 3;
/** Chance of mentioning a column that has not changed, over all columns of a dataset. */
const FALSE_COLUMN = 0.001;

/** Columns of both datasets in which more, or fewer, cells are empty than chance explains. */
export function missingChange(before: DataProfile, now: DataProfile): DataDifference | null {
  // Of texts, and of profiles from before it was counted, nothing is known.
  if (before.missing == null || now.missing == null) return null;
  const [earlier, later] = [before.missing, now.missing];
  const names = [...new Set([...Object.keys(earlier), ...Object.keys(later)])].filter(
    (name) => before.columns.includes(name) && now.columns.includes(name),
  );
  const critical = criticalValue(FALSE_COLUMN / (2 * Math.max(1, names.length)));
  const moved = names
    .map((name) => ({ name, was: earlier[name] ?? 0, is: later[name] ?? 0 }))
    .filter(({ was, is }) => {
      const pooled = (was * before.rows + is * now.rows) / Math.max(1, before.rows + now.rows);
      const rows = 1 / Math.max(1, before.rows) + 1 / Math.max(1, now.rows);
      const error = Math.sqrt(pooled * (1 - pooled) * rows);
      return Math.abs(is - was) > Math.max(MOVED, critical * error);
    })
    .sort((a, b) => Math.abs(b.is - b.was) - Math.abs(a.is - a.was));
  if (moved.length === 0) return null;
  const parts = moved
    .slice(0, MOST_COLUMNS)
    .map(({ name, was, is }) => `“${name}” ${percent(is)}, before ${percent(was)}`);
  const rest = moved.length - MOST_COLUMNS;
  const others = rest > 0 ? `; and ${rest} more` : '';
  return { kind: 'missing', isMinor: true, reason: `Empty cells: ${parts.join('; ')}${others}.` };
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
