import type { GatePolicy, ModelConfig } from '../core/config.ts';
import { judge } from '../core/gate/decide-gate.ts';
import type { Verdict } from '../core/gate/verdict.ts';
import type { Run } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';
import { promotionCase } from './gate-case.ts';
import { anchorBeside, takeLook } from './gate-ledger.ts';
import { inTurns } from './in-turns.ts';

/**
 * The gate's verdict on a promotion: the version against production, by what each answered to the
 * held-out rows of its own run. Null when nothing is in production.
 */
export async function comparePromotion(
  deps: FlowDeps,
  run: Run,
  config: ModelConfig,
): Promise<Verdict | null> {
  const { id: runId, model, version: candidate, evaluatedAgainst: production } = run;
  if (candidate === null || production === null) return null;
  const anchor = await anchorBeside(deps, model, { production, candidate });
  const policy = promotionPolicy(config);
  const stored = await promotionCase(deps, { model, policy, candidate, production, anchor });
  const look = await takeLook(deps, { model, runId, ids: stored.predictions.id });
  return inTurns(judge({ ...stored, look }));
}

/**
 * Where people approve, a promotion is never blocked: they asked for this version, and give a reason
 * against evidence.
 */
export function promotionPolicy({ gate, approval }: ModelConfig): GatePolicy {
  return approval.mode === 'people' ? { ...gate, mode: 'advisory' } : gate;
}
