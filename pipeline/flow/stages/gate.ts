import { MlopsError } from '../../core/errors.ts';
import { judge } from '../../core/gate/decide-gate.ts';
import { parsePredictions } from '../../core/gate/predictions.ts';
import { isBlocking } from '../../core/gate/verdict.ts';
import { keys } from '../../core/names.ts';
import { takeLook } from '../gate-ledger.ts';
import { inTurns } from '../in-turns.ts';
import { loadRun } from '../load-run.ts';
import { record } from '../record.ts';
import type { Ending, RunContext } from '../run-context.ts';
import { vocabularyOf } from '../vocabulary.ts';

/** Compares candidate and production; a "fail" blocks the run unless the gate is advisory. */
export async function gate({
  runId,
  model,
  config,
  deps,
  step,
}: RunContext): Promise<Ending | null> {
  const outcome = await step('decide gate', async () => {
    const { evaluation, evaluatedAgainst, evaluatedAnchor, prepared } = await loadRun(deps, runId);
    const file = await deps.artifacts.get(keys.evaluation(runId, 'predictions.csv'));
    if (evaluation === null || file === null) {
      throw new MlopsError('CONTRACT_BROKEN', 'The evaluation wrote no predictions.');
    }
    if (evaluation.candidate.metrics[config.gate.metric] === undefined) {
      throw new MlopsError(
        'CONTRACT_BROKEN',
        `evaluation.json has no metric “${config.gate.metric}”.`,
      );
    }
    const predictions = parsePredictions(new TextDecoder().decode(file));
    const verdict = await inTurns(
      judge({
        policy: config.gate,
        unanswered: evaluation.unanswered ?? {},
        predictions,
        production: evaluatedAgainst,
        anchor: evaluatedAnchor ?? null,
        vocabularies: {
          candidate: prepared === null ? null : Object.keys(prepared.labels),
          production: await vocabularyOf(deps, model, evaluatedAgainst),
        },
        look: await takeLook(deps, { model, runId, ids: predictions.id }),
      }),
    );
    await record(deps, { type: 'GateDecided', runId, verdict });
    return isBlocking(verdict) ? 'fail' : 'passable';
  });
  return outcome === 'fail' ? { outcome: 'blocked', failure: null } : null;
}
