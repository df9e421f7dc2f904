import { MlopsError } from '../../core/errors.ts';
import { decideGate } from '../../core/gate/decide-gate.ts';
import { parsePredictions } from '../../core/gate/predictions.ts';
import { keys } from '../../core/names.ts';
import { loadRun } from '../load-run.ts';
import { record } from '../record.ts';
import type { Ending, RunContext } from '../run-context.ts';

/** Compares candidate and production; a "fail" blocks the run. */
export async function gate({ runId, config, deps, step }: RunContext): Promise<Ending | null> {
  const outcome = await step('decide gate', async () => {
    const { evaluation } = await loadRun(deps, runId);
    const file = await deps.artifacts.get(keys.evaluation(runId, 'predictions.csv'));
    if (evaluation === null || file === null) {
      throw new MlopsError('CONTRACT_BROKEN', 'The evaluation wrote no predictions.');
    }
    const predictions = parsePredictions(new TextDecoder().decode(file));
    const verdict = decideGate(config.gate, evaluation, predictions);
    await record(deps, { type: 'GateDecided', runId, verdict });
    return verdict.outcome;
  });
  return outcome === 'fail' ? { outcome: 'blocked', failure: null } : null;
}
