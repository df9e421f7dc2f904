import type { ModelConfig } from '../../core/config.ts';
import { MlopsError } from '../../core/errors.ts';
import { judge } from '../../core/gate/decide-gate.ts';
import { withSettings } from '../../core/gate/gate-settings.ts';
import { modelConfig } from '../../core/model-config.ts';
import type { GateReplay, Pipeline } from '../../core/pipeline.ts';
import type { Run } from '../../core/run.ts';
import { promotionPolicy } from '../compare-promotion.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { evaluatedCase, promotionCase, type StoredCase } from '../gate-case.ts';
import { inTurns } from '../in-turns.ts';
import { loadRun } from '../load-run.ts';

/**
 * Judges the stored answers of a run again, with the look it had then. Counts no look and changes
 * nothing. @throws {MlopsError} `RUN_UNKNOWN`, `REQUEST_INVALID`, `CONTRACT_BROKEN`.
 */
export async function replayGate(
  deps: FlowDeps,
  { runId, settings }: Parameters<Pipeline['replayGate']>[0],
): Promise<GateReplay> {
  const run = await loadRun(deps, runId);
  const { verdict: recorded } = run;
  if (recorded === null) {
    throw new MlopsError('REQUEST_INVALID', `The gate has not judged ${runId}.`, {
      hint: '/mlops runs lists runs with their verdicts.',
    });
  }
  const stored = await storedCase(deps, run, modelConfig(deps.config, run.model));
  const policy = withSettings(stored.policy, settings);
  const look = recorded.look?.number ?? 1;
  const replayed = await inTurns(judge({ ...stored, policy, look }));
  return { run, policy, recorded, replayed };
}

async function storedCase(deps: FlowDeps, run: Run, config: ModelConfig): Promise<StoredCase> {
  const { kind, model, version: candidate, evaluatedAgainst: production, verdict } = run;
  if (kind !== 'promote' || candidate === null || production === null) {
    return evaluatedCase(deps, run, config.gate);
  }
  const anchor = verdict?.anchor?.version ?? null;
  const policy = promotionPolicy(config);
  return promotionCase(deps, { model, policy, candidate, production, anchor });
}
