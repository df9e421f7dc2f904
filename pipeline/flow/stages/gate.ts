import { judge } from '../../core/gate/decide-gate.ts';
import { isBlocking } from '../../core/gate/verdict.ts';
import { evaluatedCase } from '../gate-case.ts';
import { takeLook } from '../gate-ledger.ts';
import { inTurns } from '../in-turns.ts';
import { loadRun } from '../load-run.ts';
import { record } from '../record.ts';
import type { Ending, RunContext } from '../run-context.ts';

/** Compares candidate and production; a "fail" blocks the run unless the gate is advisory. */
export async function gate({
  runId,
  model,
  config,
  deps,
  step,
}: RunContext): Promise<Ending | null> {
  const outcome = await step('decide gate', async () => {
    const stored = await evaluatedCase(deps, await loadRun(deps, runId), config.gate);
    const look = await takeLook(deps, { model, runId, ids: stored.predictions.id });
    const verdict = await inTurns(judge({ ...stored, look }));
    await record(deps, { type: 'GateDecided', runId, verdict });
    return isBlocking(verdict) ? 'fail' : 'passable';
  });
  return outcome === 'fail' ? { outcome: 'blocked', failure: null } : null;
}
