import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

const VERSION = '0.1.0';
const CONNECTION_MILLISECONDS = 3_000;
const REQUEST_MILLISECONDS = 20_000;
/** Large objects stream; the limit is for the time between two packets. */
const TRANSFER_MILLISECONDS = 60_000;
/** `/invocations` of a Serverless endpoint may take 1 minute, a cold start before it up to 3. */
const INVOKE_MILLISECONDS = 240_000;
/** The prepare Lambda is invoked synchronously and may take its 5 minutes. */
const PREPARE_MILLISECONDS = 330_000;
const MAX_ATTEMPTS = 4;

export interface AwsClientOptions {
  readonly region: string;
  /** One address for every service (tests: `moto_server`). */
  readonly endpoint?: string;
  /** The two SageMaker services elsewhere, e.g. at the test server. */
  readonly sageMakerEndpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export type AwsClients = ReturnType<typeof createAwsClients>;

/**
 * The only place that constructs SDK clients. Every call has a connection and a request timeout and
 * at most {@link MAX_ATTEMPTS} attempts with jitter; what still fails is the caller's, whose durable
 * steps try again later.
 */
export function createAwsClients(options: AwsClientOptions) {
  const { region, endpoint, sageMakerEndpoint, credentials } = options;
  const settings = (requestTimeout: number, at: string | undefined = endpoint) => ({
    region,
    maxAttempts: MAX_ATTEMPTS,
    retryMode: 'standard',
    customUserAgent: [['mlops-bot', VERSION]] as [string, string][],
    requestHandler: {
      connectionTimeout: CONNECTION_MILLISECONDS,
      requestTimeout,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: 50 },
      httpsAgent: { keepAlive: true, maxSockets: 50 },
    },
    ...(at === undefined ? {} : { endpoint: at }),
    ...(credentials === undefined ? {} : { credentials }),
  });
  const usual = settings(REQUEST_MILLISECONDS);
  const sageMakerAt = sageMakerEndpoint ?? endpoint;
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
    lambda: new LambdaClient(usual),
    prepareLambda: new LambdaClient(settings(PREPARE_MILLISECONDS)),
    cloudWatch: new CloudWatchClient(usual),
    cloudWatchLogs: new CloudWatchLogsClient(usual),
    sageMaker: new SageMakerClient(settings(REQUEST_MILLISECONDS, sageMakerAt)),
    sageMakerRuntime: new SageMakerRuntimeClient({
      ...settings(INVOKE_MILLISECONDS, sageMakerAt),
      maxAttempts: 2,
    }),
  };
}
