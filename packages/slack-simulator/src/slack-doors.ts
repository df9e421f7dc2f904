/** The doors the app uses: the Web API, uploads, `response_url`s and permalinks, all under /slack. */
import type { IncomingMessage } from 'node:http';
import { type Exchange, type Route, readBody, route, sendJson, sendText } from './http-exchange.ts';
import type { MessageAnswer, ResponseUrls } from './response-urls.ts';
import type { SlackGaps } from './slack-gaps.ts';
import type { SlackAnswer, SlackService } from './slack-service.ts';
import type { WorkspaceChannel } from './types.ts';

/** Largest upload the workspace keeps, in bytes; charts and reports are far smaller. */
const UPLOAD_LIMIT = 32_000_000;

export function slackRoutes(options: {
  slack: SlackService;
  gaps: SlackGaps;
  responseUrls: ResponseUrls;
  channels: readonly WorkspaceChannel[];
  origin: string;
}): readonly Route[] {
  const { slack, gaps, responseUrls, channels, origin } = options;

  async function webApi({ request, response, url, params }: Exchange): Promise<void> {
    const method = String(params.method);
    const body = withChannelId(await readBody(request, UPLOAD_LIMIT), request);
    const args = parseArguments(body, request, url);
    const own = isSigned(request) ? gaps.answer(method, args) : undefined;
    if (own) return sendJson(response, 200, own);
    const answer = await slack.fetch(
      forward(request, `${origin}/api/${method}${url.search}`, body),
    );
    if (answer.status === 404) {
      return sendJson(response, 200, { ok: false, error: 'unknown_method' });
    }
    const result = (await answer.json()) as SlackAnswer;
    sendJson(response, answer.status, gaps.complete(method, args, result));
  }

  /** Slack takes a channel by its `#name` too; emulate only by its id. */
  function withChannelId(body: Buffer, request: IncomingMessage): Buffer {
    const type = request.headers['content-type'] ?? '';
    if (!type.includes('urlencoded')) return body;
    const fields = new URLSearchParams(body.toString('utf8'));
    const name = fields.get('channel');
    const channel = name?.startsWith('#') && channels.find((each) => `#${each.name}` === name);
    if (!channel) return body;
    fields.set('channel', channel.id);
    return Buffer.from(fields.toString());
  }

  async function pass({ request, response, url }: Exchange): Promise<void> {
    const body = request.method === 'GET' ? undefined : await readBody(request, UPLOAD_LIMIT);
    const path = url.pathname.replace(/^\/slack/, '');
    const answer = await slack.fetch(forward(request, `${origin}${path}${url.search}`, body));
    sendText(response, answer.status, Buffer.from(await answer.arrayBuffer()), {
      'content-type': 'application/octet-stream',
    });
  }

  async function respond({ request, response, params }: Exchange): Promise<void> {
    const body = await readBody(request, UPLOAD_LIMIT);
    const result = await responseUrls.use(String(params.key), parseAnswer(body));
    // Slack answers plain "ok", and 404 with the reason when an address is used up.
    if (result.ok) return sendText(response, 200, 'ok', { 'content-type': 'text/plain' });
    const spent = result.error === 'used_url' || result.error === 'expired_url';
    sendJson(response, spent ? 404 : 500, result);
  }

  function permalink({ response, url, params }: Exchange): void {
    const stamp = String(params.stamp).replace(/^p(\d{10})(\d{6})$/, '$1.$2');
    const target = new URLSearchParams({ channel: String(params.channel), ts: stamp });
    const thread = url.searchParams.get('thread_ts');
    if (thread) target.set('thread_ts', thread);
    sendText(response, 302, '', { location: `/?${target}` });
  }

  return [
    route('POST', '/slack/api/:method', webApi),
    route('GET', '/slack/api/:method', webApi),
    route('POST', '/slack/upload/*', pass),
    route('GET', '/slack/files-pri/*', pass),
    route('POST', '/slack/response/:key', respond),
    route('GET', '/slack/archives/:channel/:stamp', permalink),
  ];
}

function forward(request: IncomingMessage, url: string, body: Buffer | undefined): Request {
  const headers = new Headers();
  for (const name of ['authorization', 'content-type']) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  const init = { method: request.method ?? 'GET', headers };
  return new Request(
    url,
    body === undefined || init.method === 'GET' ? init : { ...init, body: new Uint8Array(body) },
  );
}

function isSigned(request: IncomingMessage): boolean {
  return request.headers.authorization?.startsWith('Bearer ') ?? false;
}

function parseArguments(body: Buffer, request: IncomingMessage, url: URL): Record<string, unknown> {
  const fromUrl = Object.fromEntries(url.searchParams);
  const type = request.headers['content-type'] ?? '';
  if (!type.includes('json')) {
    return type.includes('urlencoded')
      ? { ...fromUrl, ...Object.fromEntries(new URLSearchParams(body.toString('utf8'))) }
      : fromUrl;
  }
  try {
    return { ...fromUrl, ...JSON.parse(body.toString('utf8')) };
  } catch {
    return fromUrl;
  }
}

function parseAnswer(body: Buffer): MessageAnswer {
  const raw = body.toString('utf8');
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === 'object' && value !== null ? (value as MessageAnswer) : { text: raw };
  } catch {
    return { text: raw };
  }
}
