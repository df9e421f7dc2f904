import type { ErrorCode } from '../../pipeline/core/errors.ts';
import { isBlocking } from '../../pipeline/core/gate/verdict.ts';
import { hasEnded, type Run } from '../../pipeline/core/run.ts';
import { isStoppedByData } from '../blocks/data-lines.ts';
import { isWaitingForApproval } from '../blocks/headline.ts';

/** Exit codes that CI can branch on. The manual in `main.ts` explains them. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  blocked: 3,
  inconclusive: 4,
} as const;

/** Whether `--wait` is over: the run has ended, or waits for people. */
export function isSettled(run: Run): boolean {
  return hasEnded(run) || isWaitingForApproval(run);
}

/** The exit code of a settled run. */
export function exitCodeOf(run: Run): number {
  if (run.outcome === 'deployed' && run.deployment?.revertedAt == null) return exitCodes.ok;
  if (run.outcome === 'rolled_back' && run.kind === 'rollback') return exitCodes.ok;
  if (run.outcome === 'retired') return exitCodes.ok;
  const outcome = run.verdict?.outcome ?? 'pass';
  const doubt = outcome !== 'pass' && !isBlocking(run.verdict);
  if (isWaitingForApproval(run)) return doubt ? exitCodes.inconclusive : exitCodes.ok;
  if (isBlocking(run.verdict) || isStoppedByData(run)) return exitCodes.blocked;
  // No approval was requested: with mode `auto` only a pass is deployed.
  if (doubt && run.approval === null) return exitCodes.inconclusive;
  return exitCodes.failed;
}

/** Error codes that mean the command itself was wrong and another may work. */
const usageErrors: ReadonlySet<ErrorCode> = new Set([
  'REQUEST_INVALID',
  'MODEL_UNKNOWN',
  'RUN_UNKNOWN',
  'VERSION_UNKNOWN',
  'DATASET_UNKNOWN',
  'HYPERPARAMETER_INVALID',
]);

export function exitCodeOfError(code: ErrorCode): number {
  return usageErrors.has(code) ? exitCodes.usage : exitCodes.failed;
}
