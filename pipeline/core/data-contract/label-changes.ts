import { capitalised, quoted, rows } from '../gate/gate-words.ts';
import type { DataDifference } from './data-changes.ts';
import type { DataProfile } from './data-profile.ts';
import type { Move, MovedRows } from './moved-rows.ts';

/** Share of a label's known rows that must carry one other label for it to count as renamed. */
const RENAMED = 0.8;
const MOST_MOVES = 3;

/** Labels that are new, gone or renamed; null when the two datasets have the same. */
export function labelChange(
  before: DataProfile,
  now: DataProfile,
  moved: MovedRows,
): DataDifference | null {
  const added = Object.keys(now.labels).filter((label) => !Object.hasOwn(before.labels, label));
  const gone = Object.keys(before.labels).filter((label) => !Object.hasOwn(now.labels, label));
  if (added.length === 0 && gone.length === 0) return null;
  return { kind: 'labels', isMinor: false, reason: reasonOf({ before, now, moved, added, gone }) };
}

interface Found {
  readonly before: DataProfile;
  readonly now: DataProfile;
  readonly moved: MovedRows;
  readonly added: readonly string[];
  readonly gone: readonly string[];
}

function reasonOf({ before, now, moved, added, gone }: Found): string {
  const renames = moved.moves.filter(
    ({ from, to, rows: count }) =>
      gone.includes(from) &&
      added.includes(to) &&
      count >= RENAMED * (moved.sharedBefore.get(from) ?? 0),
  );
  if (gone.length > 0 && renames.length === gone.length) {
    const names = renames.map(({ to }) => to);
    const others = added.filter((label) => !names.includes(label));
    return [
      `Labels ${quoted(renames.map(({ from }) => from))} became ${quoted(names)}: ${movesOf(renames, moved)}.`,
      ...sizes(others, now, 'new'),
    ].join(' ');
  }
  if (added.length === gone.length && moved.shared === 0) {
    return `Labels ${quoted(gone)} became ${quoted(added)}; no row is in both datasets to show whether they mean the same.`;
  }
  const fates = moved.moves.filter(({ from }) => gone.includes(from));
  return [
    ...sizes(added, now, 'new'),
    ...sizes(gone, before, 'gone'),
    ...(fates.length === 0 ? [] : [`Of those, ${movesOf(fates, moved)}.`]),
  ].join(' ');
}

function sizes(
  labels: readonly string[],
  profile: DataProfile,
  what: 'new' | 'gone',
): readonly string[] {
  if (labels.length === 0) return [];
  const count = labels.reduce((sum, label) => sum + (profile.labels[label] ?? 0), 0);
  const [noun, verb] = labels.length === 1 ? ['Label', 'is'] : ['Labels', 'are'];
  const size = what === 'new' ? rows(count) : `${rows(count)} before`;
  return [`${noun} ${quoted(labels)} ${verb} ${what} (${size}).`];
}

/** Rows that moved between labels which both datasets have; null when none did. */
export function relabelling(
  before: DataProfile,
  now: DataProfile,
  { moved, limit }: { readonly moved: MovedRows; readonly limit: number },
): DataDifference | null {
  const isKept = (label: string) =>
    Object.hasOwn(before.labels, label) && Object.hasOwn(now.labels, label);
  const moves = moved.moves.filter(({ from, to }) => isKept(from) && isKept(to));
  const count = moves.reduce((sum, move) => sum + move.rows, 0);
  if (count === 0) return null;
  const share = count / moved.shared;
  return {
    kind: 'relabelled',
    isMinor: share <= limit,
    reason: `${capitalised(movesOf(moves, moved))}: ${percentOf(share)} of the rows that both datasets have.`,
  };
}

/** “818 rows moved from “spam” to “ham””, the largest moves first. */
function movesOf(moves: readonly Move[], { isExact }: MovedRows): string {
  const about = isExact ? '' : 'about ';
  const named = moves
    .slice(0, MOST_MOVES)
    .map(({ from, to, rows: count }) => `${about}${rows(count)} moved from “${from}” to “${to}”`);
  const rest = moves.slice(MOST_MOVES).reduce((sum, move) => sum + move.rows, 0);
  return [...named, ...(rest === 0 ? [] : [`${about}${rows(rest)} moved otherwise`])].join(', ');
}

function percentOf(share: number): string {
  return share < 0.01 ? 'less than 1 %' : `${Math.round(share * 100)} %`;
}
