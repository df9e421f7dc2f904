import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SlackHandler } from '../slack/verify-request.ts';

/** Slack's own payloads stay far below this; anything larger is not from Slack. */
const maxBodyBytes = 1024 * 1024;

export interface RequestServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * What a Lambda Function URL is on AWS: turns HTTP requests into the events the Slack handler
 * takes, and its results into responses.
 */
export async function createRequestServer(options: {
  readonly handler: SlackHandler;
  readonly log: (line: string) => void;
}): Promise<RequestServer> {
  const server = createServer((request, response) => {
    answer(options.handler, request, response).catch((error: unknown) => {
      options.log(`A Slack request could not be answered: ${String(error)}`);
      response.writeHead(500).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/slack/events`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(
  handler: SlackHandler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  if (body === null) {
    response.writeHead(413).end();
    return;
  }
  const result = await handler({
    rawPath: request.url ?? '/',
    headers: singleHeaders(request),
    requestContext: { http: { method: request.method ?? 'GET' } },
    body: body.toString('base64'),
    isBase64Encoded: true,
  });
  response.writeHead(result.statusCode, result.headers ?? {}).end(result.body ?? '');
}

async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function singleHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : (value ?? ''),
    ]),
  );
}
