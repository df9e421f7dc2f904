import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';

/** A refusal with its status and a sentence for the caller. */
export class HttpError extends Error {
  readonly status: 400 | 403 | 404 | 413 | 415 | 422 | 502 | 503;

  constructor(status: HttpError['status'], message: string) {
    super(message);
    this.status = status;
  }
}

export type Fields = Readonly<Record<string, unknown>>;

/** Reads a JSON object; anything else is refused, which also keeps plain HTML forms out. */
export async function readJson(context: Context): Promise<Fields> {
  if (!context.req.header('content-type')?.startsWith('application/json')) {
    throw new HttpError(415, 'Send application/json.');
  }
  const value: unknown = await context.req.json().catch((error: unknown) => {
    // A body over the limit fails while it is read.
    if (error instanceof HttpError) throw error;
    return null;
  });
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new HttpError(400, 'The body is not a JSON object.');
}

export function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') throw new HttpError(400, `"${name}" is missing.`);
  return value;
}

export function optionalText(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Answers what a handler threw: refusals in their own words, everything else as 500 and a line in the log. */
export function answerError(log: (line: string) => void) {
  return (error: Error, context: Context): Response => {
    if (error instanceof HttpError) {
      return context.json({ ok: false, error: error.message }, error.status);
    }
    if (error instanceof HTTPException) {
      return context.json({ ok: false, error: error.message }, error.status);
    }
    log(`The workspace failed: ${String(error)}`);
    return context.json({ ok: false, error: 'The workspace failed; see its log.' }, 500);
  };
}
