import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { ServiceError } from './service-error.ts';

export interface ServiceRequest {
  readonly method: string;
  /** Without the query, each part still encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface ServiceAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * A stand-in of an AWS service on a free port; it is closed when the test has finished. Returns its
 * address.
 */
export async function serve(
  answer: (request: ServiceRequest) => Promise<ServiceAnswer>,
): Promise<string> {
  const server = createServer(async (request, response) => {
    try {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://service');
      const {
        status = 200,
        headers,
        body,
      } = await answer({
        method: request.method ?? '',
        path: pathname,
        query: searchParams,
        headers: request.headers,
        body: await read(request),
      });
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', ...headers });
      response.end(body);
    } catch (error) {
      refuse(response, error);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return `http://127.0.0.1:${address.port}`;
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function refuse(response: ServerResponse, error: unknown): void {
  const known =
    error instanceof ServiceError
      ? error
      : new ServiceError('InternalFailure', String(error), { status: 500 });
  response.writeHead(known.status, {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-errortype': known.type,
  });
  const body = { __type: known.type, message: known.message, Message: known.message };
  response.end(JSON.stringify({ ...body, ...known.members }));
}
