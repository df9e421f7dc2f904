import type { AuditEntry } from '../../../pipeline/core/audit.ts';
import type { ErrorCode } from '../../../pipeline/core/errors.ts';

/** Commands that only show something. */
export const reads: ReadonlySet<string> = new Set([
  'status',
  'runs',
  'versions',
  'diff',
  'evidence',
  'model-card',
  'gate',
  'why',
  'who',
  'when',
  'logs',
  'costs',
  'predict',
  'corrections',
  'approvals',
  'alerts',
  'whoami',
  'audit',
  'help',
]);

/** Failures of commands that were not understood. */
const misreadings: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'REQUEST_INVALID',
  'MODEL_UNKNOWN',
  'RUN_UNKNOWN',
  'VERSION_UNKNOWN',
  'DATASET_UNKNOWN',
  'HYPERPARAMETER_INVALID',
  'DURATION_INVALID',
  'NUMBER_INVALID',
]);

/** Whether an entry tells nothing about what was done or refused: a question, or a mistyped command. */
export function isNoise({ action, outcome }: AuditEntry): boolean {
  if (reads.has(action)) return true;
  switch (outcome.kind) {
    case 'ok':
      return false;
    case 'failed':
      return misreadings.has(outcome.code);
    case 'refused':
      // Entries from before it was kept say it in words.
      return outcome.isMisread === true || outcome.reason.startsWith('There is no command');
  }
}
