import type { Run } from '../../pipeline/core/run.ts';
import { shown } from './escape.ts';
import { count, plural } from './format.ts';

/** Such as ` appended to 2 earlier files: 2,199 + 340 rows`; empty for a dataset of one file. */
export function appendedPhrase({ dataset, prepared, appending, appends }: Run): string {
  const files = dataset?.files?.length ?? 1;
  if (files === 1) {
    if (appends !== true) return '';
    return appending === undefined
      ? ', to be appended to the data of production'
      : ', with nothing to append to yet';
  }
  const sources = prepared?.status === 'ok' ? (prepared.sources ?? []) : [];
  const rows = sources.map((each) => each.rows.kept);
  const added = rows.at(-1);
  const before = rows.slice(0, -1).reduce((sum, each) => sum + each, 0);
  const sizes = added === undefined ? '' : `: ${count(before)} + ${count(added)} rows`;
  return ` appended to ${plural(files - 1, 'earlier file')}${sizes}`;
}

const MOST_NAMED = 3;

const standings: Readonly<Record<string, string>> = {
  blocked: 'blocked by the gate',
  changed: 'differed too much',
  stopped: 'its run was stopped',
  rolled_back: 'its version was rolled back',
  invalid: 'could not be used',
  untested: 'its run failed before it was checked',
};

/** Which files that were appended before are not part of the dataset; null when there are none. */
export function leftOutSentence({ appending }: Run): string | null {
  const { leftOut = [] } = appending ?? {};
  if (leftOut.length === 0) return null;
  const named = leftOut
    .slice(0, MOST_NAMED)
    .map(({ fileName, standing }) => `${shown(fileName, 60)} (${standings[standing] ?? standing})`);
  const rest = leftOut.length - MOST_NAMED;
  return `Not part of it: ${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`;
}
