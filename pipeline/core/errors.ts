/** Stable codes of every error that a person can act on. */
export type ErrorCode =
  | 'CONFIG_INVALID'
  | 'REQUEST_INVALID'
  | 'MODEL_UNKNOWN'
  | 'RUN_UNKNOWN'
  | 'ALERT_UNKNOWN'
  | 'DURATION_INVALID'
  | 'NUMBER_INVALID'
  | 'VERSION_UNKNOWN'
  | 'DATASET_UNKNOWN'
  | 'DATASET_INVALID'
  /** It differs too much from the data of production to be trained on without a person. */
  | 'DATASET_CHANGED'
  | 'HYPERPARAMETER_INVALID'
  | 'BASE_MODEL_MISSING'
  | 'PREPARE_FAILED'
  | 'TRAINING_FAILED'
  | 'TRAINING_STOPPED'
  | 'CAPACITY_UNAVAILABLE'
  | 'QUOTA_EXCEEDED'
  | 'EVALUATION_FAILED'
  | 'CONTRACT_BROKEN'
  | 'APPROVAL_MISSING'
  | 'PRODUCTION_CHANGED'
  | 'ARCHIVE_CHANGED'
  | 'DEPLOYMENT_FAILED'
  | 'VERIFICATION_FAILED'
  | 'NOTHING_TO_ROLL_BACK'
  | 'DEPENDENCY_DOWN'
  | 'EXECUTION_LOST'
  | 'CONFLICT'
  | 'UNEXPECTED';

export interface ErrorEvidence {
  /** What the reader can do next, as a sentence. */
  readonly hint?: string;
  /** True when the same call may succeed later without any change. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/**
 * The one error family of the product. `message` is a sentence fit for Slack: it names the row,
 * field or setting at fault and holds no secret, path of this machine or stack.
 */
export class MlopsError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, evidence: ErrorEvidence = {}) {
    super(message, evidence.cause === undefined ? undefined : { cause: evidence.cause });
    this.name = 'MlopsError';
    this.code = code;
    this.hint = evidence.hint;
    this.retryable = evidence.retryable ?? false;
  }
}

/** The failure as it is kept in a run record. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | null;
}

/** Any thrown value as a {@link Failure}; the text of an unknown error is not shown to people. */
export function toFailure(error: unknown): Failure {
  if (error instanceof MlopsError) {
    const { code, message, hint = null } = error;
    return { code, message: bounded(message), hint: hint === null ? null : bounded(hint) };
  }
  return {
    code: 'UNEXPECTED',
    message: 'Something unexpected went wrong.',
    hint: 'The pipeline’s log has the details. /mlops retrain starts a new run.',
  };
}

/** A run record is read often and a durable step keeps 256 KB; no reason for people is longer. */
const MOST_CHARACTERS = 1_000;

function bounded(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - 1)}…`;
}
