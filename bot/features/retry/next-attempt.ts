import type { Run } from '../../../pipeline/core/run.ts';

/** The kind of run that repeats this one; null when repeating it would end the same way. */
export function nextAttempt(run: Run): 'retrain' | 'promote' | null {
  if (run.kind === 'rollback') return null;
  switch (run.outcome) {
    case 'expired':
    case 'superseded':
      return run.version === null ? null : 'promote';
    case 'failed':
    case 'stopped':
      if (run.failure?.code === 'DATASET_INVALID') return null;
      if (run.version !== null) return 'promote';
      return run.kind === 'retrain' && run.dataset !== null ? 'retrain' : null;
    default:
      return null;
  }
}
