import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../pipeline/core/ports.ts';

/** The fields this bot reads of a Lambda Function URL event (payload format 2.0). */
export interface FunctionUrlEvent {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: string | undefined;
  readonly isBase64Encoded: boolean;
  readonly rawPath: string;
  readonly requestContext: { readonly http: { readonly method: string } };
}

export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type SlackHandler = (event: FunctionUrlEvent) => Promise<HttpAnswer>;

/** A request whose signature is Slack's, with its body decoded and well-formed. */
export interface VerifiedRequest {
  readonly contentType: 'application/json' | 'application/x-www-form-urlencoded';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The age limit that Slack recommends, applied to both sides for clocks that differ, in seconds. */
const MAX_SKEW_SECONDS = 300;
const MAX_BODY_BYTES = 1_000_000;

/**
 * Handles signed HTTP requests from Slack, on Lambda and in the local HTTP server. Checks method,
 * size, timestamp and signature before it parses anything, and answers every request with a status:
 * no input makes it throw.
 */
export function createHandler(options: {
  /** Null: every request is refused. */
  signingSecret: string | null;
  clock: Clock;
  dispatch: (
    request: VerifiedRequest,
  ) => Promise<{ statusCode: number; body: string; headers?: object }>;
  log: (line: string) => void;
}): SlackHandler {
  const { signingSecret, clock, dispatch, log } = options;

  return async (event) => {
    try {
      const request = verify(event, signingSecret, clock.now());
      if (typeof request === 'number') return answer(request, '');
      const { statusCode, body, headers } = await dispatch(request);
      return answer(statusCode, body, headers);
    } catch (error) {
      log(`A request from Slack could not be handled: ${String(error)}`);
      return answer(500, '');
    }
  };
}

/** The verified request, or the HTTP status that refuses it. */
function verify(
  event: FunctionUrlEvent,
  secret: string | null,
  now: Date,
): VerifiedRequest | number {
  if (event.requestContext?.http?.method !== 'POST') return 405;
  const headers = lowerCased(event.headers ?? {});
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.byteLength > MAX_BODY_BYTES) return 413;
  if (!isSigned(headers, bytes, secret, now)) return 401;
  const contentType = readContentType(headers['content-type']);
  if (contentType === null) return 415;
  const body = bytes.toString('utf8');
  if (!isWellFormed(contentType, body)) return 400;
  return { contentType, headers: { ...headers, 'content-type': contentType }, body };
}

function isSigned(
  headers: Readonly<Record<string, string>>,
  bytes: Buffer,
  secret: string | null,
  now: Date,
): boolean {
  if (secret === null) return false;
  const timestamp = headers['x-slack-request-timestamp'] ?? '';
  const signature = headers['x-slack-signature'] ?? '';
  if (!/^\d{1,12}$/.test(timestamp) || !/^v0=[0-9a-f]{64}$/.test(signature)) return false;
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > MAX_SKEW_SECONDS) return false;
  const expected = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(bytes).digest();
  return timingSafeEqual(expected, Buffer.from(signature.slice(3), 'hex'));
}

/** Accepts UTF-8 only, named or not; drops parameters, which Bolt's comparison does not expect. */
function readContentType(value: string | undefined): VerifiedRequest['contentType'] | null {
  const [type = '', ...parameters] = (value ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  if (charset !== undefined && !/^charset="?utf-8"?$/.test(charset)) return null;
  return type === 'application/json' || type === 'application/x-www-form-urlencoded' ? type : null;
}

function isWellFormed(contentType: VerifiedRequest['contentType'], body: string): boolean {
  const json = contentType === 'application/json' ? body : new URLSearchParams(body).get('payload');
  if (json === null) return body !== '';
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function lowerCased(headers: FunctionUrlEvent['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name.toLowerCase(), value]] : [],
    ),
  );
}

function answer(statusCode: number, body: string, headers: object = {}): HttpAnswer {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    statusCode,
    headers: { 'content-type': 'text/plain; charset=utf-8', ...Object.fromEntries(named) },
    body,
  };
}
