import { keys } from '../pipeline/core/names.ts';

/** Names used by the infrastructure and operators only; the runtime has its names in `core`. */

/** Top-level folders of the bucket; permissions and lifecycle rules apply per folder. */
export const bucketPrefixes = {
  /** `inbox/<model>/<file>`: uploaded datasets. */
  inbox: 'inbox/',
  /** `slack-inbox/<model>/<person>/<name>/<file>`: files that people shared in Slack. */
  slackInbox: keys.slackInboxes,
  datasets: 'datasets/',
  runs: 'runs/',
  /** `corrections/<model>/<input>.json`: rows that people corrected. */
  corrections: 'corrections/',
  /** `checkpoints/<run>/`: needed until a job has ended, and expire. */
  checkpoints: keys.expiringCheckpoints,
  baseModels: keys.baseModels,
  /** `code/<hash>/`: the code of jobs, immutable. */
  code: 'code/',
} as const;

/** Tag of every resource, and the name in the cost report. */
export const PRODUCT = 'mlops-bot';

/** `source` of our own events; a test compares it with the publisher. */
export const EVENT_SOURCE = 'mlops-bot';

export { FAILURES_NAMESPACE as METRIC_NAMESPACE } from '../pipeline/aws/endpoint/failure-metric.ts';

export function stackName(stage: string, part: 'data' | 'service' | 'github'): string {
  return `${PRODUCT}-${stage}-${part}`;
}

/** A fixed name, for functions invoked from outside the stack. */
export function functionName(stage: string, name: 'commands'): string {
  return `${PRODUCT}-${stage}-${name}`;
}

/**
 * The two SecureString parameters that an operator creates; functions read them at a cold start.
 */
export function secretNames(stage: string) {
  return {
    botToken: `/${PRODUCT}/${stage}/slack/bot-token`,
    signingSecret: `/${PRODUCT}/${stage}/slack/signing-secret`,
  } as const;
}

/**
 * How often a hint for Slack is delivered before it is given up: with the shortest pauses between
 * attempts for more than six hours, about ten on average. The sweep sends others later.
 */
export const announceAttempts = 60;
