import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Log } from '../log.ts';
import { after, pause } from '../timers.ts';
import { forward, type ModelAnswer } from './forward.ts';
import type { ServedModel } from './served-model.ts';

/** Limits of a serverless endpoint (SageMaker guide, serverless-endpoints-invoke). */
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const TIMEOUT_SECONDS = 60;
/** How long a process may take to end after it has dropped its connections. */
const LAST_BREATH_SECONDS = 1;

export interface GatewayOptions {
  /** The model that answers for an endpoint now; null when there is no such endpoint. */
  readonly find: (endpointName: string) => ServedModel | 'nothing live' | null;
  /** Version in the answer's header. */
  readonly versionOf: (configName: string) => number | null;
  /** DesiredThread of every request that reached a live model. */
  readonly onAnswered: (
    endpointName: string,
    configName: string,
    answered: { readonly status: number; readonly milliseconds: number },
  ) => void;
  /** Seconds a request may take, waiting for a model that is starting included. */
  readonly timeoutSeconds?: number;
  readonly log: Log;
}

/** The HTTP side of all endpoints, with the paths, limits and headers of SageMaker's runtime. */
export function createGateway(options: GatewayOptions): Server {
  const { log } = options;
  return createServer((request, response) => {
    route(request, response, options).catch((error: unknown) => {
      log({ message: 'A request to an endpoint could not be answered.', error });
      if (response.headersSent) response.destroy();
      else send(response, fault(500, 'InternalFailure', 'Something unexpected went wrong.'));
    });
  });
}

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  options: GatewayOptions,
): Promise<void> {
  const path = (request.url ?? '').split('?')[0] ?? '';
  const [, name = '', action = ''] = /^\/endpoints\/([\w-]+)\/(invocations|ping)$/.exec(path) ?? [];
  if (action === '') {
    return send(response, fault(404, 'NotFound', 'Post to /endpoints/<name>/invocations.'));
  }
  const method = action === 'ping' ? 'GET' : 'POST';
  if (request.method !== method) {
    response.setHeader('allow', method);
    return send(response, fault(405, 'MethodNotAllowed', `Use ${method}.`));
  }
  const model = options.find(name);
  if (model === null) {
    return send(response, fault(404, 'ValidationError', `There is no endpoint “${name}”.`));
  }
  if (model === 'nothing live') {
    const text = `The endpoint “${name}” has no version in service yet.`;
    return send(response, fault(503, 'ServiceUnavailable', text));
  }
  response.setHeader('x-amzn-invoked-production-variant', 'AllTraffic');
  const version = options.versionOf(model.configName);
  if (version !== null) response.setHeader('x-mlops-model-version', version);
  if (action === 'ping') {
    const isServing = model.state() === 'serving';
    const unavailable = fault(503, 'ServiceUnavailable', model.problem() ?? 'It is starting.');
    return send(response, isServing ? { status: 200, type: json, body: '{}' } : unavailable);
  }
  const body = await readBody(request);
  if (body === null) {
    response.setHeader('connection', 'close');
    const text = `A request has at most ${MAX_BODY_BYTES / 1024 ** 2} MB.`;
    return send(response, fault(413, 'ValidationError', text));
  }
  const type = request.headers['content-type'] ?? json;
  const begin = performance.now();
  const answering = model.request(() => answer(model, body, type, options.timeoutSeconds));
  if (answering === null) {
    const text = 'The endpoint has as many open requests as it accepts; try again.';
    return send(response, fault(429, 'ThrottlingException', text));
  }
  const answered = await answering;
  const milliseconds = performance.now() - begin;
  options.onAnswered(name, model.configName, { status: answered.status, milliseconds });
  send(response, answered);
}

async function answer(
  model: ServedModel,
  body: Buffer,
  type: string,
  timeoutSeconds = TIMEOUT_SECONDS,
): Promise<ModelAnswer> {
  const controller = new AbortController();
  let cancel = () => {};
  const late = new Promise<ModelAnswer>((resolve) => {
    cancel = after(timeoutSeconds, () => {
      controller.abort();
      resolve(fault(504, 'ModelError', `No answer within ${timeoutSeconds} seconds.`));
    });
  });
  try {
    return await Promise.race([late, ask(model, body, type, controller.signal)]);
  } finally {
    cancel();
  }
}

async function ask(
  model: ServedModel,
  body: Buffer,
  type: string,
  signal: AbortSignal,
): Promise<ModelAnswer> {
  let port = await model.port();
  for (let attempt = 1; port !== null; attempt += 1) {
    try {
      return await forward({ port, body, type, signal });
    } catch (error) {
      // A server that crashed is on its end; whoever asks next is to wait for its successor.
      await Promise.race([model.ended(), pause(LAST_BREATH_SECONDS, signal)]);
      // Only a request that reached no model may be repeated.
      if (attempt > 1 || !isRefused(error)) {
        return fault(502, 'ModelError', 'The model server broke off the connection.');
      }
      port = await model.port();
    }
  }
  return fault(503, 'ServiceUnavailable', model.problem() ?? 'The model server has ended.');
}

function isRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
}

/** Null when the body is larger than allowed; what is left of it is thrown away. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const isDeclaredTooLong = Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES;
  const chunks: Buffer[] = [];
  let bytes = 0;
  if (!isDeclaredTooLong) {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) break;
      chunks.push(chunk);
    }
  }
  if (!isDeclaredTooLong && bytes <= MAX_BODY_BYTES) return Buffer.concat(chunks);
  request.resume();
  return null;
}

const json = 'application/json';

function fault(status: number, code: string, error: string): ModelAnswer {
  return { status, type: json, body: JSON.stringify({ code, error }) };
}

function send(response: ServerResponse, { status, type, body }: ModelAnswer): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
