import { keys } from '../pipeline/core/names.ts';

/** Names that only the infrastructure and the operator meet; what the runtime needs is in `core`. */

/** Top folders of the bucket. Permissions and lifecycle rules are per folder. */
export const bucketPrefixes = {
  /** `inbox/<model>/<file>`: where people drop datasets. */
  inbox: 'inbox/',
  datasets: 'datasets/',
  runs: 'runs/',
  baseModels: keys.baseModels,
  /** `code/<hash>/`: what jobs run, immutable. */
  code: 'code/',
} as const;

/** Tag of everything, and the name in the cost report. */
export const PRODUCT = 'mlops-bot';

/** `source` of our own events; a test holds it to what the pipeline publishes. */
export const EVENT_SOURCE = 'mlops-bot';

export const METRIC_NAMESPACE = 'MlopsBot';

export function stackName(stage: string, part: 'data' | 'service' | 'github'): string {
  return `${PRODUCT}-${stage}-${part}`;
}

/** Of a function that is invoked from outside the stack, where nobody knows what CDK would call it. */
export function functionName(stage: string, name: 'commands'): string {
  return `${PRODUCT}-${stage}-${name}`;
}

/** The two SecureString parameters an operator makes; the functions read them at a cold start. */
export function secretNames(stage: string) {
  return {
    botToken: `/${PRODUCT}/${stage}/slack/bot-token`,
    signingSecret: `/${PRODUCT}/${stage}/slack/signing-secret`,
  } as const;
}
