import { reasonsOf, type Verdict } from '../../pipeline/core/gate/verdict.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { shown } from './escape.ts';
import { bold, type Line } from './rich-text.ts';

/**
 * The verdict of the gate, with the decisive reason unless it passed, and the slice that lost most;
 * empty before the gate.
 */
export function gateLine(run: Run): Line {
  if (run.verdict === null) return [];
  const decisive = run.verdict.outcome === 'pass' ? undefined : reasonsOf(run.verdict)[0];
  const slice = run.verdict.checks.find(
    ({ name, outcome }) => name === 'per_slice' && outcome !== 'pass',
  )?.reason;
  return [
    bold(`Gate: ${verdictName(run.verdict)}`),
    decisive ? `. ${shown(decisive, 300)}` : '',
    slice === undefined || slice === decisive ? '' : ` ${shown(slice, 200)}`,
  ];
}

const names = {
  pass: 'pass',
  fail: 'fail',
  inconclusive: 'inconclusive',
  not_comparable: 'not comparable',
} as const;

/** The verdict in a word or two, and whether it only advises. */
export function verdictName({ outcome, isAdvisory }: Verdict): string {
  return `${names[outcome]}${isAdvisory === true && outcome === 'fail' ? ' (advisory)' : ''}`;
}
