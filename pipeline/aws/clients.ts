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
  return {
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
}
