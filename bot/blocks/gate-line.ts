import { reasonsOf } from '../../pipeline/core/gate/verdict.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { shown } from './escape.ts';
import { bold, type Line } from './rich-text.ts';

/** The verdict of the gate, with the decisive reason unless it passed; empty before the gate. */
export function gateLine(run: Run): Line {
  if (run.verdict === null) return [];
  const names = { pass: 'Gate: pass', fail: 'Gate: fail', inconclusive: 'Gate: inconclusive' };
  const decisive = run.verdict.outcome === 'pass' ? '' : reasonsOf(run.verdict)[0];
  return [bold(names[run.verdict.outcome]), decisive ? `. ${shown(decisive, 300)}` : ''];
}
