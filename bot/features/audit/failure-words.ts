import type { ErrorCode } from '../../../pipeline/core/errors.ts';

const words: Readonly<Record<ErrorCode, string>> = {
  CONFIG_INVALID: 'a setting is wrong',
  REQUEST_INVALID: 'it was not understood',
  MODEL_UNKNOWN: 'there is no such model',
  RUN_UNKNOWN: 'there is no such run',
  ALERT_UNKNOWN: 'there is no such alert',
  DURATION_INVALID: 'that is not a duration',
  NUMBER_INVALID: 'that is not a number',
  VERSION_UNKNOWN: 'there is no such version',
  DATASET_UNKNOWN: 'there is no such dataset',
  DATASET_INVALID: 'the data cannot be used',
  DATASET_CHANGED: 'the data differs from that of production',
  HYPERPARAMETER_INVALID: 'a setting of the training is wrong',
  BASE_MODEL_MISSING: 'the base model is missing',
  PREPARE_FAILED: 'the data could not be checked',
  TRAINING_FAILED: 'the training failed',
  TRAINING_STOPPED: 'the training was stopped',
  CAPACITY_UNAVAILABLE: 'no machine was available',
  QUOTA_EXCEEDED: 'a quota is used up',
  EVALUATION_FAILED: 'the evaluation failed',
  CONTRACT_BROKEN: 'the recipe broke its contract',
  APPROVAL_MISSING: 'an approval is missing',
  PRODUCTION_CHANGED: 'production changed meanwhile',
  ARCHIVE_CHANGED: 'the stored model has changed',
  DEPLOYMENT_FAILED: 'the deployment failed',
  VERIFICATION_FAILED: 'the endpoint failed its check',
  NOTHING_TO_ROLL_BACK: 'there is nothing to roll back to',
  DEPENDENCY_DOWN: 'a service did not answer for hours',
  EXECUTION_LOST: 'the run was cut off',
  CONFLICT: 'something else was done first',
  UNEXPECTED: 'something unexpected went wrong',
};

/** A failure as the end of a sentence; the code itself when it is from another version. */
export function failureWords(code: ErrorCode): string {
  return words[code] ?? code;
}
