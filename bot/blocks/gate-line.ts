import { reasonsOf } from '../../pipeline/core/gate/verdict.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { shown } from './escape.ts';
import { bold, type Line } from './rich-text.ts';

/** What the gate decided, with the reason that mattered most when it was no pass. */
export function gateLine(run: Run): Line {
  if (run.verdict === null) return [];
  const names = { pass: 'Gate: pass', fail: 'Gate: fail', inconclusive: 'Gate: inconclusive' };
  const decisive = run.verdict.outcome === 'pass' ? '' : reasonsOf(run.verdict)[0];
  return [bold(names[run.verdict.outcome]), decisive ? `. ${shown(decisive, 300)}` : ''];
}
