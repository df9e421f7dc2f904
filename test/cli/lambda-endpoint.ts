import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context } from 'aws-lambda';
import { onTestFinished } from 'vitest';

/** An error response of Lambda. */
interface Refusal {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

type InvocationContext = Pick<Context, 'invokedFunctionArn'>;

/**
 * Stands in for Lambda's synchronous `Invoke` of one function in one Region, and for nothing else of
 * Lambda. It accepts any alias and passes it on in the ARN. It does not verify signatures, only the
 * Region they were made for.
 */
export async function openLambdaEndpoint(options: {
  readonly functionName: string;
  readonly region: string;
  readonly handler: (payload: unknown, context: InvocationContext) => Promise<unknown>;
}) {
  const { functionName, region, handler } = options;
  const payloads: unknown[] = [];
  let refusal: Refusal | null = null;
  let losesNext = false;

  const arnOf = (alias: string | undefined) =>
    ['arn:aws:lambda', region, '111122223333', 'function', functionName, alias]
      .filter((part) => part !== undefined)
      .join(':');

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const requestId = randomUUID();
    const refuse = ({ status, type, message }: Refusal) =>
      response
        .writeHead(status, { 'x-amzn-requestid': requestId, 'x-amzn-errortype': type })
        .end(JSON.stringify({ Message: message }));
    if (refusal !== null) return void refuse(refusal);
    const [, name, alias] =
      /^\/2015-03-31\/functions\/(?:arn:aws:.*:function:)?([\w-]+)(?::([\w-]+))?\/invocations$/.exec(
        decodeURIComponent(request.url ?? ''),
      ) ?? [];
    const isOurs =
      name === functionName &&
      request.headers.authorization?.includes(`/${region}/lambda/aws4_request`);
    if (!isOurs) {
      const message = `Function not found: ${request.url}`;
      return void refuse({ status: 404, type: 'ResourceNotFoundException', message });
    }
    const payload = JSON.parse(body);
    payloads.push(payload);
    const { headers, answered } = await handler(payload, {
      invokedFunctionArn: arnOf(alias),
    }).then(
      (value) => ({ headers: {}, answered: value }),
      (error: Error) => ({
        headers: { 'x-amz-function-error': 'Unhandled' },
        answered: { errorType: error.name, errorMessage: error.message },
      }),
    );
    if (losesNext) {
      losesNext = false;
      return void request.socket.destroy();
    }
    response
      .writeHead(200, { 'x-amzn-requestid': requestId, ...headers })
      .end(JSON.stringify(answered));
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The payloads the function was invoked with, in order. */
    payloads,
    refuse(next: Refusal | null) {
      refusal = next;
    },
    /** The next invocation runs, but its answer is lost. */
    loseNextAnswer() {
      losesNext = true;
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
