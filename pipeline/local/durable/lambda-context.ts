import { randomUUID } from 'node:crypto';
import type { DurableLambdaHandler } from '@aws/durable-execution-sdk-js';

type LambdaContext = Parameters<DurableLambdaHandler>[1];

/**
 * The invocation context the SDK expects. It reads `awsRequestId`, `tenantId` and
 * `getRemainingTimeInMillis`; the latter answers Infinity, which the SDK reads as "no deadline",
 * because nothing ends a local invocation after 15 minutes.
 */
export function createLambdaContext(arn: string): LambdaContext {
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'mlops-bot',
    functionVersion: '1',
    invokedFunctionArn: arn.slice(0, arn.indexOf('/')),
    memoryLimitInMB: '0',
    awsRequestId: randomUUID(),
    logGroupName: 'local',
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Number.POSITIVE_INFINITY,
    done: unsupported,
    fail: unsupported,
    succeed: unsupported,
  };
}

function unsupported(): never {
  throw new Error('context.done, fail and succeed are not available; return or throw instead.');
}
