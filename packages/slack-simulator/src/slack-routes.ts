/** What the app calls: the Web API, uploads, `response_url`s and permalinks, all under /slack. */
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HttpError } from './http.ts';
import type { JournaledStore } from './journaled-store.ts';
import type { MessageAnswer, ResponseUrls } from './response-urls.ts';
import { requireScope, SlackError } from './web-api/call.ts';
import type { WebApi } from './web-api/create-web-api.ts';

/** Largest upload the workspace keeps, in bytes; charts and reports are far smaller. */
const UPLOAD_LIMIT = 32_000_000;

export function slackRoutes(options: {
  api: WebApi;
  store: JournaledStore;
  responseUrls: ResponseUrls;
}): Hono {
  const { api, store, responseUrls } = options;
  const uploads = store.collection('slack.file_upload_sessions');

  return new Hono()
    .use(
      bodyLimit({
        maxSize: UPLOAD_LIMIT,
        onError() {
          throw new HttpError(413, `The request is larger than ${UPLOAD_LIMIT} bytes.`);
        },
      }),
    )
    .on(['GET', 'POST'], '/api/:method', async (context) => {
      const { token = bearer(context), ...args } = await readArguments(context);
      const method = context.req.param('method');
      return context.json(api.call(token === null ? null : String(token), method, args));
    })
    .post('/upload/v1/:id', async (context) => {
      const upload = uploads.findOneBy('file_id', context.req.param('id'));
      if (!upload || upload.completed) return context.text('file_not_found', 404);
      const bytes = await readUpload(context);
      uploads.update(upload.id, {
        uploaded: true,
        uploaded_size: bytes.byteLength,
        content_base64: bytes.toString('base64'),
      });
      return context.text(`OK - ${bytes.byteLength}`);
    })
    .get('/files-pri/:id/:name', (context) => {
      try {
        requireScope(api.authenticate(bearer(context)), 'files:read');
      } catch (error) {
        if (error instanceof SlackError) return context.text(error.code, 403);
        throw error;
      }
      const file = store.collection('slack.files').findOneBy('file_id', context.req.param('id'));
      if (!file || file.deleted) return context.text('file_not_found', 404);
      const bytes = Buffer.from(String(file.content_base64 ?? ''), 'base64');
      return context.body(new Uint8Array(bytes), 200, {
        'content-type': 'application/octet-stream',
      });
    })
    .post('/response/:key', async (context) => {
      const answer = parseAnswer(await context.req.text());
      const result = responseUrls.use(context.req.param('key'), answer);
      // Slack answers plain "ok", and 404 with the reason when an address is used up.
      if (result.ok) return context.text('ok');
      const isSpent = result.error === 'used_url' || result.error === 'expired_url';
      return context.json(result, isSpent ? 404 : 500);
    })
    .get('/archives/:channel/:stamp', (context) => {
      const { channel, stamp } = context.req.param();
      const ts = stamp.replace(/^p(\d{10})(\d{6})$/, '$1.$2');
      const target = new URLSearchParams({ channel, ts });
      const thread = context.req.query('thread_ts');
      if (thread) target.set('thread_ts', thread);
      return context.redirect(`/?${target}`);
    });
}

function bearer(context: Context): string | null {
  return /^Bearer (.+)$/.exec(context.req.header('authorization') ?? '')?.[1] ?? null;
}

/** Arguments of a query, a form or a JSON body; a body that cannot be read counts as none. */
async function readArguments(context: Context): Promise<Record<string, unknown>> {
  const query = context.req.query();
  const type = context.req.header('content-type') ?? '';
  if (context.req.method === 'GET') return query;
  if (type.includes('json')) {
    const body: unknown = await context.req.json().catch(unlessTooLarge);
    return typeof body === 'object' ? { ...query, ...body } : query;
  }
  return { ...query, ...Object.fromEntries(new URLSearchParams(await context.req.text())) };
}

function unlessTooLarge(error: unknown): null {
  if (error instanceof HttpError) throw error;
  return null;
}

/** The bytes as they are, or the file of a form. */
async function readUpload(context: Context): Promise<Buffer> {
  if (!context.req.header('content-type')?.includes('multipart/form-data')) {
    return Buffer.from(await context.req.arrayBuffer());
  }
  const file = Object.values(await context.req.parseBody()).find((value) => value instanceof File);
  if (!file) throw new HttpError(400, 'The form has no file.');
  return Buffer.from(await file.arrayBuffer());
}

function parseAnswer(raw: string): MessageAnswer {
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === 'object' && value !== null ? (value as MessageAnswer) : { text: raw };
  } catch {
    return { text: raw };
  }
}
