import type { IncomingHttpHeaders } from 'node:http';
import { type Call, isOperation } from './operations.ts';

export interface WireRequest {
  readonly method: string;
  /** With the query, as it was sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** `X-Amz-Target` up to the dot → the prefix of the service's actions. */
const targets: Readonly<Record<string, string>> = {
  DynamoDB_20120810: 'dynamodb',
  AWSEvents: 'events',
  AmazonSQS: 'sqs',
  AmazonSSM: 'ssm',
  SageMaker: 'sagemaker',
};

/** The call that a request of an SDK makes. @throws {Error} for one that no table knows. */
export function readCall(request: WireRequest): Call {
  const { method, headers, body } = request;
  const { pathname, searchParams: query } = new URL(request.url, 'http://aws');
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    const [service = '', operation = ''] = target.split('.');
    return call(`${targets[service] ?? service}:${operation}`, JSON.parse(body.toString()));
  }
  const parts = pathname.split('/').slice(1).map(decodeURIComponent);
  for (const [pattern, operation, name] of rest) {
    if (pattern.test(`${method} ${pathname}`)) {
      return call(operation, { [name]: name === 'EndpointName' ? parts[1] : parts[2] });
    }
  }
  const [Bucket, ...key] = parts;
  const input = { Bucket, Key: key.join('/') };
  if (method === 'GET' && query.get('list-type') === '2') {
    return call('s3:ListObjectsV2', { Bucket, Prefix: query.get('prefix') });
  }
  const VersionId = query.get('versionId') ?? undefined;
  return call(`s3:${objectOperation(method, headers, query)}`, {
    ...input,
    ...(VersionId === undefined ? {} : { VersionId }),
    ...(headers['x-amz-copy-source'] === undefined
      ? {}
      : { CopySource: decodeURIComponent(String(headers['x-amz-copy-source'])) }),
  });
}

const rest = [
  [/^POST \/endpoints\/[^/]+\/invocations$/, 'sagemaker:InvokeEndpoint', 'EndpointName'],
  [/^POST \/2015-03-31\/functions\/[^/]+\/invocations$/, 'lambda:Invoke', 'FunctionName'],
  [
    /^POST \/2025-12-01\/durable-executions\/[^/]+\/checkpoint$/,
    'lambda:CheckpointDurableExecution',
    'DurableExecutionArn',
  ],
  [
    /^GET \/2025-12-01\/durable-executions\/[^/]+\/state$/,
    'lambda:GetDurableExecutionState',
    'DurableExecutionArn',
  ],
  [
    /^GET \/2025-12-01\/functions\/[^/]+\/durable-executions$/,
    'lambda:ListDurableExecutionsByFunction',
    'FunctionName',
  ],
  [
    /^POST \/2025-12-01\/durable-execution-callbacks\/[^/]+\/succeed$/,
    'lambda:SendDurableExecutionCallbackSuccess',
    'CallbackId',
  ],
] as const;

function objectOperation(
  method: string,
  headers: IncomingHttpHeaders,
  query: URLSearchParams,
): string {
  switch (method) {
    case 'GET':
      return 'GetObject';
    case 'HEAD':
      return 'HeadObject';
    case 'PUT':
      if (headers['x-amz-copy-source'] !== undefined) return 'CopyObject';
      return query.has('partNumber') ? 'UploadPart' : 'PutObject';
    case 'POST':
      return query.has('uploads') ? 'CreateMultipartUpload' : 'CompleteMultipartUpload';
    case 'DELETE':
      return query.has('uploadId') ? 'AbortMultipartUpload' : 'DeleteObject';
    default:
      return method;
  }
}

function call(operation: string, input: Call['input']): Call {
  if (isOperation(operation)) return { operation, input };
  throw new Error(`test/aws/permissions/operations.ts does not know ${operation}.`);
}
