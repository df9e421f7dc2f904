import { reasonsOf, type Verdict } from '../../pipeline/core/gate/verdict.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { shown } from './escape.ts';
import { bold, type Line } from './rich-text.ts';

/** The verdict of the gate, with the decisive reason unless it passed; empty before the gate. */
export function gateLine(run: Run): Line {
  if (run.verdict === null) return [];
  const decisive = run.verdict.outcome === 'pass' ? '' : reasonsOf(run.verdict)[0];
  return [bold(gateTitle(run.verdict)), decisive ? `. ${shown(decisive, 300)}` : ''];
}

const titles = {
  pass: 'Gate: pass',
  fail: 'Gate: fail',
  inconclusive: 'Gate: inconclusive',
  not_comparable: 'Gate: not comparable',
} as const;

/** The verdict in two words, and whether it only advises. */
function gateTitle({ outcome, isAdvisory }: Verdict): string {
  return `${titles[outcome]}${isAdvisory === true && outcome === 'fail' ? ' (advisory)' : ''}`;
}
