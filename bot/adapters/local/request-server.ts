import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { type LoopbackServer, serveOnLoopback } from '../../../pipeline/local/http-server.ts';
import type { SlackHandler } from '../../slack/verify-request.ts';

/** Payloads of Slack are far smaller, so anything larger is not from Slack. */
const MOST_BODY_BYTES = 1024 * 1024;

/**
 * Stands in for the HTTP API before Lambda: turns HTTP requests into the events that the Slack
 * handler takes, and its answers into responses.
 */
export async function createRequestServer(options: {
  readonly handler: SlackHandler;
  readonly log: (line: string) => void;
}): Promise<LoopbackServer> {
  const app = new Hono();
  app.use(bodyLimit({ maxSize: MOST_BODY_BYTES, onError: (context) => context.body(null, 413) }));
  app.all('*', async ({ req }) => {
    const {
      statusCode,
      headers = {},
      body = '',
    } = await options.handler({
      rawPath: req.path,
      headers: req.header(),
      requestContext: { http: { method: req.method } },
      body: Buffer.from(await req.arrayBuffer()).toString('base64'),
      isBase64Encoded: true,
    });
    return new Response(body, { status: statusCode, headers });
  });
  app.onError((error, context) => {
    options.log(`A request from Slack could not be answered: ${String(error)}`);
    return context.body(null, 500);
  });
  const server = await serveOnLoopback(app);
  return { ...server, url: `${server.url}/slack/events` };
}
