import { keys } from '../../core/names.ts';

/** `runs/<run>/checkpoints/` → `checkpoints/<run>/`. Only jobs and SageMaker use these files. */
export function checkpointKey(prefix: string): string {
  const run = /^runs\/([^/]+)\/checkpoints\/$/.exec(prefix)?.[1];
  return run === undefined ? prefix : `${keys.expiringCheckpoints}${run}/`;
}
