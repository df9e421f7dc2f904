import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type ClientOptions, clientSettings } from './client-settings.ts';

const REQUEST_MILLISECONDS = 20_000;
/** Large objects stream; the limit is for the time between two packets. */
const TRANSFER_MILLISECONDS = 60_000;
/** `/invocations` of a Serverless endpoint may take 1 minute, a cold start before it up to 3. */
const INVOKE_MILLISECONDS = 240_000;
/** The prepare Lambda is invoked synchronously and may take its 5 minutes. */
const PREPARE_MILLISECONDS = 330_000;

export interface AwsClientOptions extends ClientOptions {
  /** The two SageMaker services and Lambda elsewhere, e.g. at the servers of the tests. */
  readonly sageMakerEndpoint?: string;
  readonly lambdaEndpoint?: string;
  /** Throws where no call may be made any more; called before every attempt. */
  readonly beforeCall?: () => void;
}

export type AwsClients = ReturnType<typeof createAwsClients>;

/**
 * The clients of everything that runs on AWS. Every call has its timeouts and few attempts
 * ({@link clientSettings}); callers retry what still fails in their durable steps.
 */
export function createAwsClients(options: AwsClientOptions) {
  const { endpoint, sageMakerEndpoint, lambdaEndpoint } = options;
  const settings = (requestTimeout: number, at: string | undefined = endpoint) =>
    clientSettings({ ...options, ...(at === undefined ? {} : { endpoint: at }) }, requestTimeout);
  const usual = settings(REQUEST_MILLISECONDS);
  const sageMakerAt = sageMakerEndpoint ?? endpoint;
  const lambdaAt = lambdaEndpoint ?? endpoint;
  const clients = {
    s3: new S3Client({
      ...settings(TRANSFER_MILLISECONDS),
      // Test servers have no virtual hosts.
      forcePathStyle: endpoint !== undefined,
    }),
    dynamo: DynamoDBDocumentClient.from(new DynamoDBClient(usual), {
      marshallOptions: { removeUndefinedValues: true },
    }),
    eventBridge: new EventBridgeClient(usual),
    lambda: new LambdaClient(settings(REQUEST_MILLISECONDS, lambdaAt)),
    prepareLambda: new LambdaClient(settings(PREPARE_MILLISECONDS, lambdaAt)),
    cloudWatch: new CloudWatchClient(usual),
    cloudWatchLogs: new CloudWatchLogsClient(usual),
    sageMaker: new SageMakerClient(settings(REQUEST_MILLISECONDS, sageMakerAt)),
    sageMakerRuntime: new SageMakerRuntimeClient({
      ...settings(INVOKE_MILLISECONDS, sageMakerAt),
      maxAttempts: 2,
    }),
  };
  const { beforeCall } = options;
  if (beforeCall !== undefined)
    for (const client of Object.values(clients)) guard(client, beforeCall);
  return clients;
}

/** The part of the SDK's middleware stack that all clients share. */
interface Stack {
  add(
    middleware: (next: (args: unknown) => unknown) => (args: unknown) => unknown,
    place: { readonly step: string; readonly priority: string; readonly name: string },
  ): void;
}

function guard(client: { readonly middlewareStack: object }, beforeCall: () => void): void {
  (client.middlewareStack as Stack).add(
    (next) => async (args) => {
      beforeCall();
      return next(args);
    },
    // After the one that retries, so that no further attempt is made either.
    { step: 'finalizeRequest', priority: 'low', name: 'mlopsBeforeCall' },
  );
}
