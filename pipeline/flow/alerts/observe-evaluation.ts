import { looksNeeded } from '../../core/alert/judge.ts';
import { judgeNewRows } from '../../core/alert/judge-new-rows.ts';
import type { DataChange } from '../../core/data-contract/data-changes.ts';
import { modelConfig } from '../../core/model-config.ts';
import { type Instant, type Run, type RunId, stageOf } from '../../core/run.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { loadRun } from '../load-run.ts';
import { currentProduction, liveDeployment } from '../production.ts';
import { changeAlert } from './change-alert.ts';
import { answersToNewRows } from './new-rows.ts';
import { runsIfItTurns } from './recent-runs.ts';

/**
 * Compares production's score on the rows that are new since it was trained with the one it was
 * deployed with.
 * Idempotent: the observation takes its time from the run record.
 */
export async function observeEvaluation(deps: FlowDeps, runId: RunId): Promise<void> {
  const run = await loadRun(deps, runId);
  await observe(deps, run, stageOf(run, 'evaluate')?.endedAt ?? run.updatedAt);
}

/** Among so many runs there is one that has scored what was live before. */
const MOST_RUNS = 50;

/**
 * After a rollback: judges the version that is live again by the newest score it has, so that its
 * state is known before the next evaluation. `at`: when it went live; the same again changes nothing.
 */
export async function observeKnownScore(
  deps: FlowDeps,
  model: string,
  { version, at }: { readonly version: number; readonly at: Instant },
): Promise<void> {
  const runs = await deps.runs.list({ model, limit: MOST_RUNS });
  const scored = runs.find(
    ({ evaluation, evaluatedAgainst }) =>
      evaluatedAgainst === version && evaluation?.production != null,
  );
  if (scored !== undefined) await observe(deps, scored, at);
}

async function observe(deps: FlowDeps, run: Run, at: Instant): Promise<void> {
  const { id: runId, model, evaluation, evaluatedAgainst, dataChanges } = run;
  if (evaluation === null || evaluatedAgainst === null) return;
  // Against other labels, production's score says nothing of how it has changed.
  if (dataChanges?.changes.some(hasOtherLabels)) return;
  const production = await deps.registry.get(model, evaluatedAgainst);
  if (production === null) return;
  const answers = await answersToNewRows(deps, { runId, production });
  if (answers === null) return;
  const config = modelConfig(deps.config, model);
  const observation = judgeNewRows({ ...answers, config, production, runId, at });
  if (observation === null) return;
  const live = await currentProduction(deps, model);
  const rollbackTo =
    live &&
    (await liveDeployment(deps, model, { ...live, version: observation.version })).rollbackTo;
  const before = await deps.alerts.latest(model, 'metric');
  const known = await runsIfItTurns(deps, before, { model, isBreach: observation.isBreach });
  await changeAlert(deps, { model, kind: 'metric' }, () => ({
    type: 'observed',
    observation,
    needed: looksNeeded(config, 'metric'),
    rollbackTo,
    ...known,
  }));
}

function hasOtherLabels({ kind, isMinor }: DataChange): boolean {
  return kind === 'labels' || (kind === 'relabelled' && !isMinor);
}
