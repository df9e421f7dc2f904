import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Context, Env, Hono, MiddlewareHandler } from 'hono';

/** Names of the loopback interface in a `Host` header, without the port. */
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** A Node server for an app; it does not listen yet. */
export function createHttpServer<E extends Env>(app: Hono<E>): Server {
  return createServer(getRequestListener(app.fetch));
}

export interface LoopbackServer {
  readonly url: string;
  /** Cuts open connections. */
  close(): Promise<void>;
}

/** Serves an app on a free port of the loopback interface. */
export async function serveOnLoopback(app: Hono): Promise<LoopbackServer> {
  const server = createHttpServer(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/**
 * Lets a request pass only when its `Host` names the loopback interface. A web page whose domain
 * was pointed at 127.0.0.1 (DNS rebinding) sends its own domain there.
 */
export function requireLoopbackHost(refuse: (context: Context) => Response): MiddlewareHandler {
  return async (context, next) => {
    if (!LOOPBACK.test(context.req.header('host') ?? '')) return refuse(context);
    await next();
  };
}
