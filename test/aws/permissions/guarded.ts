import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
  request as send,
} from 'node:http';
import { onTestFinished } from 'vitest';
import { ServiceError } from '../service-error.ts';
import { type Access, roleOf } from './access.ts';
import { deployedAccount, deployedRegion } from './deployed-roles.ts';
import type { Call } from './operations.ts';
import { readCall, type WireRequest } from './read-call.ts';

/**
 * An address before a stand-in of a service that lets through what the caller's role allows and
 * refuses everything else as AWS does. It is closed when the test has finished.
 */
export async function guarded(
  upstream: string,
  access: Access,
  /** What the wire does not say, e.g. the execution of a callback. */
  complete: (call: Call) => Call = (call) => call,
): Promise<string> {
  const server = createServer(async (request, response) => {
    try {
      const body = await read(request);
      const role = roleOf(request.headers);
      const call = role === null ? null : complete(readCall(toWire(request, body)));
      if (role !== null && call !== null) access.check(role, call);
      // Without the right to list, S3 does not say that an object is missing.
      const hides =
        role !== null &&
        call !== null &&
        /^s3:(Get|Head)Object$/.test(call.operation) &&
        !access.may(role, {
          action: 's3:ListBucket',
          resource: `arn:aws:s3:::${String(call.input.Bucket)}`,
        });
      forward(upstream, request, body, response, hides);
    } catch (error) {
      refuse(request, response, error);
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

/** The execution that a callback of the pipeline belongs to; any of them has the same rights. */
export function withExecution({ operation, input }: Call): Call {
  if (operation !== 'lambda:SendDurableExecutionCallbackSuccess') return { operation, input };
  const pipeline = `arn:aws:lambda:${deployedRegion}:${deployedAccount}:function:pipeline:1`;
  return { operation, input: { DurableExecutionArn: `${pipeline}/durable-execution/run/id` } };
}

function toWire(request: IncomingMessage, body: Buffer): WireRequest {
  return { method: request.method ?? '', url: request.url ?? '/', headers: request.headers, body };
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function forward(
  upstream: string,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  hidesMissing: boolean,
): void {
  const { host: _, 'transfer-encoding': __, ...rest } = headers;
  const forwarded = send(
    new URL(url ?? '/', upstream),
    { method, headers: { ...rest, 'content-length': body.length } },
    (answer) => {
      if (hidesMissing && answer.statusCode === 404) {
        answer.resume();
        respond(response, 403, 'application/xml', s3Error('AccessDenied', 'Access Denied'));
        return;
      }
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    },
  );
  forwarded.on('error', (error) => response.destroy(error));
  forwarded.end(body);
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const known =
    error instanceof ServiceError
      ? error
      : new ServiceError('InternalFailure', String(error), { status: 500 });
  if (known.type === 'AccessDenied') {
    const body = request.method === 'HEAD' ? '' : s3Error(known.type, known.message);
    respond(response, known.status, 'application/xml', body);
    return;
  }
  response.setHeader('x-amzn-errortype', known.type);
  const body = JSON.stringify({ __type: known.type, message: known.message });
  respond(response, known.status, 'application/x-amz-json-1.1', body);
}

function respond(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type });
  response.end(body);
}

const s3Error = (code: string, message: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
