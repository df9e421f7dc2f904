import { judgeEvaluation, looksNeeded } from '../../core/alert/judge.ts';
import type { DataChange } from '../../core/data-contract/data-changes.ts';
import { modelConfig } from '../../core/model-config.ts';
import { type RunId, stageOf } from '../../core/run.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { loadRun } from '../load-run.ts';
import { currentProduction, liveDeployment } from '../production.ts';
import { changeAlert } from './change-alert.ts';

/**
 * Compares production's score on the fresh rows of this run with the one it was deployed with.
 * Idempotent: the observation takes its time from the run record.
 */
export async function observeEvaluation(deps: FlowDeps, runId: RunId): Promise<void> {
  const run = await loadRun(deps, runId);
  const { model, evaluation, evaluatedAgainst, dataChanges } = run;
  if (evaluation === null || evaluatedAgainst === null) return;
  // Against other labels, production's score says nothing of how it has changed.
  if (dataChanges?.changes.some(hasOtherLabels)) return;
  const production = await deps.registry.get(model, evaluatedAgainst);
  if (production === null) return;
  const config = modelConfig(deps.config, model);
  const at = stageOf(run, 'evaluate')?.endedAt ?? run.updatedAt;
  const observation = judgeEvaluation({ config, evaluation, production, runId, at });
  if (observation === null) return;
  const live = await currentProduction(deps, model);
  const rollbackTo =
    live &&
    (await liveDeployment(deps, model, { ...live, version: observation.version })).rollbackTo;
  await changeAlert(deps, { model, kind: 'metric' }, () => ({
    type: 'observed',
    observation,
    needed: looksNeeded(config, 'metric'),
    rollbackTo,
  }));
}

function hasOtherLabels({ kind, isMinor }: DataChange): boolean {
  return kind === 'labels' || (kind === 'relabelled' && !isMinor);
}
