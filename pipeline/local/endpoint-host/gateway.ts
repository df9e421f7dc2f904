import type { Server } from 'node:http';
import { finished } from 'node:stream/promises';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { createHttpServer, requireLoopbackHost } from '../http-server.ts';
import type { Log } from '../log.ts';
import { after, pause } from '../timers.ts';
import { type HttpAnswer, requestAnswer } from './request-answer.ts';
import type { ServedModel } from './served-model.ts';

/** Limits of a serverless endpoint (SageMaker guide, serverless-endpoints-invoke). */
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const TIMEOUT_SECONDS = 60;
/** How long a client may take to send a request: it counts as open all that time. */
const RECEIVE_SECONDS = 10;
/** An answer takes milliseconds, so a second clears any queue that the limit lets in. */
const RETRY_AFTER_SECONDS = 1;
/** How long a process may take to end after it has dropped its connections. */
const EXIT_SECONDS = 1;

export interface GatewayOptions {
  /** The model that answers for an endpoint now; null when there is no such endpoint. */
  readonly find: (endpointName: string) => ServedModel | 'nothing live' | null;
  /** Version in the answer's header. */
  readonly versionOf: (configName: string) => number | null;
  /** Called after every request that reached a live model. */
  readonly onAnswered: (
    endpointName: string,
    configName: string,
    answered: { readonly status: number; readonly milliseconds: number },
  ) => void;
  /** Seconds a request may take, waiting for a model that is starting included. */
  readonly timeoutSeconds?: number;
  readonly log: Log;
}

interface GatewayEnv {
  readonly Bindings: HttpBindings;
  readonly Variables: { model: ServedModel };
}

const ENDPOINT = '/endpoints/:name{[\\w-]+}';

/** The HTTP side of all endpoints, with the paths, limits and headers of SageMaker's runtime. */
export function createGateway(options: GatewayOptions): Server {
  const { log, onAnswered, timeoutSeconds } = options;
  const withModel = findModel(options);
  const app = new Hono<GatewayEnv>();
  app.use(
    requireLoopbackHost((context) =>
      send(context, fault(403, 'AccessDenied', 'Call the endpoint as 127.0.0.1 or localhost.')),
    ),
  );
  app.all(`${ENDPOINT}/ping`, allow('GET'), withModel, (context) => {
    const { model } = context.var;
    if (model.state() === 'serving') return send(context, { status: 200, type: json, body: '{}' });
    return send(context, fault(503, 'ServiceUnavailable', model.problem() ?? 'It is starting.'));
  });
  app.all(
    `${ENDPOINT}/invocations`,
    allow('POST'),
    withModel,
    admit,
    limitBody,
    async (context) => {
      const { model } = context.var;
      const body = Buffer.from(await context.req.arrayBuffer());
      const type = context.req.header('content-type') ?? json;
      const begin = performance.now();
      const answered = await answer(model, body, type, timeoutSeconds);
      const milliseconds = performance.now() - begin;
      const { status } = answered;
      onAnswered(context.req.param('name'), model.configName, { status, milliseconds });
      return send(context, answered);
    },
  );
  app.notFound((context) =>
    send(context, fault(404, 'NotFound', 'Post to /endpoints/<name>/invocations.')),
  );
  app.onError((error, context) => {
    // A client that went away is no fault of the endpoint.
    if (!context.req.raw.signal.aborted) {
      log({ message: 'A request to an endpoint could not be answered.', error });
    }
    return send(context, fault(500, 'InternalFailure', 'Something unexpected went wrong.'));
  });
  const server = createHttpServer(app);
  server.requestTimeout = RECEIVE_SECONDS * 1000;
  return server;
}

/** Finds the model that answers for the endpoint of the path, and names its version. */
function findModel({ find, versionOf }: GatewayOptions) {
  return createMiddleware<GatewayEnv>(async (context, next) => {
    const name = context.req.param('name') ?? '';
    const model = find(name);
    if (model === null) {
      return send(context, fault(404, 'ValidationError', `There is no endpoint “${name}”.`));
    }
    if (model === 'nothing live') {
      const text = `The endpoint “${name}” has no version in service yet.`;
      return send(context, fault(503, 'ServiceUnavailable', text));
    }
    context.header('x-amzn-invoked-production-variant', 'AllTraffic');
    const version = versionOf(model.configName);
    if (version !== null) context.header('x-mlops-model-version', String(version));
    context.set('model', model);
    return next();
  });
}

/** Refuses what exceeds the limit of the model, without keeping its body in memory. */
const admit = createMiddleware<GatewayEnv>(async (context, next) => {
  const answering = context.var.model.request(next);
  if (answering !== null) return answering;
  // A client that is still sending would read the end of the connection instead of the answer.
  await finished(context.env.incoming.resume()).catch(() => {});
  context.header('retry-after', String(RETRY_AFTER_SECONDS));
  const text = 'The endpoint has as many open requests as it accepts; try again.';
  return send(context, fault(429, 'ThrottlingException', text));
});

function allow(method: 'GET' | 'POST') {
  return createMiddleware(async (context, next) => {
    if (context.req.method === method) return next();
    context.header('allow', method);
    return send(context, fault(405, 'MethodNotAllowed', `Use ${method}.`));
  });
}

const limitBody = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError(context) {
    context.header('connection', 'close');
    const text = `A request has at most ${MAX_BODY_BYTES / 1024 ** 2} MB.`;
    return send(context, fault(413, 'ValidationError', text));
  },
});

async function answer(
  model: ServedModel,
  body: Buffer,
  type: string,
  timeoutSeconds = TIMEOUT_SECONDS,
): Promise<HttpAnswer> {
  const controller = new AbortController();
  let cancel = () => {};
  const late = new Promise<HttpAnswer>((resolve) => {
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
): Promise<HttpAnswer> {
  let port = await model.port();
  for (let attempt = 1; port !== null; attempt += 1) {
    try {
      const url = `http://127.0.0.1:${port}/invocations`;
      return await requestAnswer({ url, send: { body, type }, signal });
    } catch (error) {
      // A server that crashed is about to end; the next request must wait for its successor.
      await Promise.race([model.ended(), pause(EXIT_SECONDS, signal)]);
      // Only a request that reached no model may be repeated, once: the caller is still waiting,
      // so there is no back-off.
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

const json = 'application/json';

function fault(status: number, code: string, error: string): HttpAnswer {
  return { status, type: json, body: JSON.stringify({ code, error }) };
}

function send(context: Context, { status, type, body }: HttpAnswer): Response {
  const content = typeof body === 'string' ? body : new Uint8Array(body);
  return context.body(content, status as ContentfulStatusCode, { 'content-type': type });
}
