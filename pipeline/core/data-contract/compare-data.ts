import { quoted, rows } from '../gate/gate-words.ts';
import { criticalValue } from '../gate/normal.ts';
import type { DataDifference } from './data-changes.ts';
import type { DataPolicy } from './data-policy.ts';
import type { DataProfile } from './data-profile.ts';
import { labelChange, relabelling } from './label-changes.ts';
import { missingChange } from './missing-values.ts';
import { type MovedRows, movedRows } from './moved-rows.ts';

/** What `prepare_data.py` lists at most; of more columns the rest is not known. */
const MOST_COLUMNS = 200;
/** A dataset that lost less than this is not worth a sentence. */
const MINOR_SHRINK = 0.1;
const MOST_SHARES = 3;
/** Chance of mentioning a share that has not moved, over all labels of a dataset. */
const FALSE_SHARE = 0.001;
/** A median text length that grew or shrank by this factor is mentioned. */
const LENGTH_FACTOR = 1.5;

/** How the data differs from that of the version in production. */
export function compareData(
  before: DataProfile,
  now: DataProfile,
  limits: Pick<DataPolicy, 'maxShrink' | 'maxRelabelled' | 'maxShareMove'>,
): readonly DataDifference[] {
  const moved = movedRows(before, now);
  const labels = labelChange(before, now, moved);
  return [
    labels,
    relabelling(before, now, { moved, limit: limits.maxRelabelled }),
    shrinking(before, now, { moved, limit: limits.maxShrink }),
    columnChange(before, now),
    // New and lost labels move all shares.
    labels === null ? shareMoves(before, now, limits.maxShareMove) : null,
    lengthChange(before, now),
    missingChange(before, now),
  ].filter((difference) => difference !== null);
}

function shrinking(
  before: DataProfile,
  now: DataProfile,
  { moved, limit }: { readonly moved: MovedRows; readonly limit: number },
): DataDifference | null {
  const lost = 1 - now.rows / Math.max(1, before.rows);
  if (lost <= Math.min(MINOR_SHRINK, limit)) return null;
  const isNewPart = moved.shared < now.rows / 10;
  const percent = Math.round(lost * 100);
  return {
    kind: 'shrank',
    isMinor: lost <= limit,
    reason: `The dataset shrank from ${before.rows.toLocaleString('en-US')} to ${rows(now.rows)} (−${percent} %)${
      isNewPart ? ', and hardly any of them was in it before: is this only the new part?' : '.'
    }`,
  };
}

function columnChange(before: DataProfile, now: DataProfile): DataDifference | null {
  if (Math.max(before.columns.length, now.columns.length) >= MOST_COLUMNS) return null;
  const added = now.columns.filter((column) => !before.columns.includes(column));
  const gone = before.columns.filter((column) => !now.columns.includes(column));
  if (added.length === 0 && gone.length === 0) return null;
  return { kind: 'columns', isMinor: false, reason: newAndGone('Column', added, gone) };
}

function newAndGone(noun: string, added: readonly string[], gone: readonly string[]): string {
  const phrase = (names: readonly string[], what: string) =>
    names.length === 0
      ? []
      : [
          `${noun}${names.length === 1 ? '' : 's'} ${quoted(names)} ${names.length === 1 ? 'is' : 'are'} ${what}.`,
        ];
  return [...phrase(added, 'new'), ...phrase(gone, 'gone')].join(' ');
}

/** Labels whose share of the rows moved by more than the limit and more than chance explains. */
function shareMoves(before: DataProfile, now: DataProfile, limit: number): DataDifference | null {
  const labels = Object.keys(now.labels);
  const critical = criticalValue(FALSE_SHARE / (2 * Math.max(1, labels.length)));
  const moved = labels
    .map((label) => {
      const was = (before.labels[label] ?? 0) / Math.max(1, before.rows);
      const is = (now.labels[label] ?? 0) / Math.max(1, now.rows);
      const pooled = (was * before.rows + is * now.rows) / Math.max(1, before.rows + now.rows);
      const error = Math.sqrt(
        pooled * (1 - pooled) * (1 / Math.max(1, before.rows) + 1 / Math.max(1, now.rows)),
      );
      return { label, was, is, isReal: Math.abs(is - was) > critical * error };
    })
    .filter(({ was, is, isReal }) => isReal && Math.abs(is - was) > limit)
    .sort((a, b) => Math.abs(b.is - b.was) - Math.abs(a.is - a.was));
  if (moved.length === 0) return null;
  // Of two labels, one says it all.
  const named = moved.slice(0, labels.length === 2 ? 1 : MOST_SHARES);
  const parts = named.map(
    ({ label, was, is }) =>
      `“${label}” is ${Math.round(is * 100)} % of the rows, before ${Math.round(was * 100)} %`,
  );
  return { kind: 'shares', isMinor: true, reason: `${parts.join('; ')}.` };
}

function lengthChange(before: DataProfile, now: DataProfile): DataDifference | null {
  if (before.textLength === null || now.textLength === null) return null;
  const [was, is] = [Math.max(1, before.textLength.median), Math.max(1, now.textLength.median)];
  if (Math.max(was / is, is / was) <= LENGTH_FACTOR) return null;
  const characters = (value: number) => value.toLocaleString('en-US');
  return {
    kind: 'text_length',
    isMinor: true,
    reason: `Texts are ${is > was ? 'longer' : 'shorter'}: half of them have at most ${characters(is)} characters, before ${characters(was)}.`,
  };
}
