import type { IncomingMessage, ServerResponse } from 'node:http';
import { SAFE_HEADERS } from './guard.ts';

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  /** Parts of the path matched by the route's pattern, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  readonly pattern: RegExp;
  readonly handle: (exchange: Exchange) => Promise<void> | void;
}

/** A refusal with its status and a sentence for the caller. */
export class DoorError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Turns `/api/threads/:ts` into a route; a trailing `*` takes the rest of the path. */
export function route(method: Route['method'], path: string, handle: Route['handle']): Route {
  const source = path
    .replaceAll('.', '\\.')
    .replace(/:(\w+)/g, '(?<$1>[^/]+)')
    .replace(/\*$/, '(?<rest>.*)');
  return { method, pattern: new RegExp(`^${source}$`), handle };
}

export function findRoute(routes: readonly Route[], method: string, path: string) {
  for (const each of routes) {
    const match = each.method === method && each.pattern.exec(path);
    if (match) return { route: each, params: decodeAll(match.groups ?? {}) };
  }
  return undefined;
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, {
    ...SAFE_HEADERS,
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(JSON.stringify(value));
}

export function sendText(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, { ...SAFE_HEADERS, ...headers });
  response.end(body);
}

export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new DoorError(413, `The request is larger than ${limit} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const JSON_LIMIT = 1_000_000;

/** Reads a JSON object; anything else is refused, which also keeps plain HTML forms out. */
export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  if (!request.headers['content-type']?.startsWith('application/json')) {
    throw new DoorError(415, 'Send application/json.');
  }
  const body = await readBody(request, JSON_LIMIT);
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Falls through to the same refusal as a JSON value that is not an object.
  }
  throw new DoorError(400, 'The body is not a JSON object.');
}

export function text(fields: Readonly<Record<string, unknown>>, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') throw new DoorError(400, `"${name}" is missing.`);
  return value;
}

export function optionalText(
  fields: Readonly<Record<string, unknown>>,
  name: string,
): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function decodeAll(groups: Record<string, string>): Record<string, string> {
  try {
    return Object.fromEntries(
      Object.entries(groups).map(([key, value]) => [key, decodeURIComponent(value)]),
    );
  } catch {
    throw new DoorError(400, 'The address is not readable.');
  }
}
