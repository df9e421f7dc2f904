import type { MiddlewareHandler } from 'hono';
import { HttpError } from './http.ts';

/** Everything the page needs comes from itself; images may also come from other local servers. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob: http://127.0.0.1:* http://localhost:*",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const SAFE_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/** Gives every answer the headers that keep it from being read, framed or cached elsewhere. */
export const safeHeaders: MiddlewareHandler = async (context, next) => {
  await next();
  for (const [name, value] of Object.entries(SAFE_HEADERS)) {
    if (!context.res.headers.has(name)) context.header(name, value);
  }
};

/** Refuses requests that may not drive the workspace. */
export function guard(port: () => number): MiddlewareHandler {
  return async (context, next) => {
    if (!isTrustedRequest(context.req.raw, port())) {
      throw new HttpError(403, 'Only the workspace page itself may do that.');
    }
    await next();
  };
}

/**
 * Whether a request may drive the workspace. Other web pages open in the same browser may not: they show up
 * with their own Origin, with `Sec-Fetch-Site`, or (DNS rebinding) with their own host name.
 */
function isTrustedRequest({ headers, method }: Request, port: number): boolean {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!hosts.includes(headers.get('host') ?? '')) return false;
  const origin = headers.get('origin');
  if (origin !== null && !hosts.some((host) => origin === `http://${host}`)) return false;
  const site = headers.get('sec-fetch-site');
  if (site === null || site === 'same-origin' || site === 'none') return true;
  // Following a link to the page itself is fine; anything else from elsewhere is not.
  return method === 'GET' && headers.get('sec-fetch-mode') === 'navigate';
}
