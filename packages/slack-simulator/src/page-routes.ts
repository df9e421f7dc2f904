/** What the page, tests and scripts call; README.md describes each. */
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { AppEvents } from './app-events.ts';
import { type Directory, toCommandText, toSlackText } from './entered-text.ts';
import { type Fields, HttpError, optionalText, readJson, text } from './http.ts';
import { type Interactions, UnknownTargetError } from './interactions.ts';
import type { JournaledStore } from './journaled-store.ts';
import type { LiveEvents } from './live-events.ts';
import type { Modals } from './modals.ts';
import type { StateValues } from './payloads.ts';
import { createShareFile } from './shared-files.ts';
import type { Person, SlashCommand, WorkspaceInfo } from './types.ts';
import type { SlackAnswer } from './web-api/call.ts';
import type { WorkspaceReader } from './workspace-reader.ts';
import { directMessageId } from './workspace-records.ts';

const BODY_LIMIT = 1_000_000;
/** Largest file a person can share, in bytes; what the app uploads has the same limit. */
const FILE_LIMIT = 32_000_000;

type Bindings = { Bindings: HttpBindings };
type Act = (body: Fields, user: string) => object | Promise<object>;

export function pageRoutes(tools: {
  readonly info: WorkspaceInfo;
  readonly directory: Directory;
  readonly commands: readonly SlashCommand[];
  readonly store: JournaledStore;
  readonly reader: WorkspaceReader;
  readonly live: LiveEvents;
  readonly interactions: Interactions;
  readonly modals: Modals;
  readonly events: AppEvents;
  readonly person: (id: string) => Person;
  readonly callAs: (userId: string, method: string, args: Fields) => SlackAnswer;
}): Hono {
  const { info, reader, live, interactions, modals, events } = tools;

  /** Runs what a person does, and refuses people who are not in the workspace. */
  async function act(context: Context, work: Act): Promise<Response> {
    const body = await readJson(context);
    const { id } = tools.person(text(body, 'user'));
    try {
      return context.json(await work(body, id));
    } catch (error) {
      if (error instanceof UnknownTargetError) throw new HttpError(404, error.message);
      throw error;
    }
  }

  function post(body: Fields, user: string): object {
    const thread_ts = optionalText(body, 'thread_ts');
    const answer = tools.callAs(user, 'chat.postMessage', {
      channel: text(body, 'channel'),
      text: toSlackText(text(body, 'text'), tools.directory),
      ...(thread_ts ? { thread_ts } : {}),
    });
    if (!answer.ok) throw new HttpError(400, `The message was refused: ${answer.error}.`);
    const message = reader.message(String(answer.channel), String(answer.ts));
    if (message) events.messagePosted(message);
    return { ok: true, message };
  }

  function command(body: Fields, user: string): Promise<object> {
    const entered = text(body, 'text');
    const name = entered.trim().split(/\s/)[0];
    const escapes = tools.commands.find((each) => each.command === name)?.should_escape;
    return interactions.command({
      user,
      channel: text(body, 'channel'),
      text: escapes ? toCommandText(entered, tools.directory) : entered,
    });
  }

  function action(body: Fields, user: string): Promise<object> {
    const { user: _user, channel, ts, view_id, block_id, action_id, values, ...choice } = body;
    return interactions.action({
      user,
      channel: optionalText({ channel }, 'channel'),
      ts: optionalText({ ts }, 'ts'),
      view_id: optionalText({ view_id }, 'view_id'),
      block_id: text({ block_id }, 'block_id'),
      action_id: text({ action_id }, 'action_id'),
      choice,
      values: stateValues(values),
    });
  }

  function shortcut(body: Fields, user: string): Promise<object> {
    return interactions.shortcut({
      user,
      callback_id: text(body, 'callback_id'),
      channel: optionalText(body, 'channel'),
      ts: optionalText(body, 'ts'),
    });
  }

  function openHome(body: Fields, user: string): object {
    const tab = body.tab === 'messages' ? 'messages' : 'home';
    events.homeOpened({ user, channel: directMessageId(user), tab });
    return { ok: true, view: reader.home(user) ?? null };
  }

  function dismiss(body: Fields, user: string): object {
    const table = tools.store.collection('slack.ephemeral_messages');
    const row = table.findBy('ts', text(body, 'ts')).find((each) => each.target_user === user);
    if (row) table.delete(row.id);
    return { ok: true };
  }

  const shareFile = createShareFile(tools);
  async function share(context: Context): Promise<Response> {
    const bytes = Buffer.from(await context.req.arrayBuffer());
    const shared = shareFile({
      user: tools.person(query(context, 'user')).id,
      channel: query(context, 'channel'),
      threadTs: context.req.query('thread_ts') ?? null,
      name: query(context, 'name'),
      bytes,
    });
    return context.json({ ok: true, ...shared });
  }

  const query = (context: Context, name: string) => context.req.query(name) ?? '';

  const routes = new Hono<Bindings>();
  routes.get('/api/workspace', (context) => context.json(info));
  routes.get('/api/messages', (context) => {
    const user = context.req.query('user') ?? null;
    const { since, before, limit } = context.req.query();
    const part = {
      since,
      before,
      ...(limit === undefined ? {} : { limit: Math.max(1, Number(limit) || 1) }),
    };
    return context.json({ messages: reader.messages(query(context, 'channel'), user, part) });
  });
  routes.get('/api/threads/:ts', (context) => {
    const user = context.req.query('user') ?? null;
    const ts = context.req.param('ts');
    return context.json({ messages: reader.thread(query(context, 'channel'), ts, user) });
  });
  routes.get('/api/home', (context) =>
    context.json({ view: reader.home(query(context, 'user')) ?? null }),
  );
  routes.get('/api/views', (context) =>
    context.json({ stack: reader.modals(query(context, 'user')) }),
  );
  routes.get('/api/events', (context) => live.stream(context, context.req.query('user') ?? null));
  routes.get('/files/:id', (context) => fileAnswer(context, reader, context.req.param('id')));
  routes.post('/api/files', limited(FILE_LIMIT), share);
  routes.use('/api/*', limited(BODY_LIMIT));
  routes.post('/api/messages', (context) => act(context, post));
  routes.post('/api/commands', (context) => act(context, command));
  routes.post('/api/actions', (context) => act(context, action));
  routes.post('/api/shortcuts', (context) => act(context, shortcut));
  routes.post('/api/views/:id/submit', (context) =>
    act(context, (body, user) =>
      modals.submit({ viewId: context.req.param('id'), user, values: stateValues(body.values) }),
    ),
  );
  routes.post('/api/views/:id/close', (context) =>
    act(context, (body, user) =>
      modals.close({ viewId: context.req.param('id'), user, clear: body.clear === true }),
    ),
  );
  routes.post('/api/home/open', (context) => act(context, openHome));
  routes.post('/api/ephemeral/dismiss', (context) => act(context, dismiss));
  return routes as unknown as Hono;
}

function limited(maxSize: number) {
  return bodyLimit({
    maxSize,
    onError() {
      throw new HttpError(413, `The request is larger than ${maxSize} bytes.`);
    },
  });
}

/** Shown in place; anything else is offered as a download, so that no upload becomes a page. */
const SHOWN_TYPES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

function fileAnswer(context: Context, reader: WorkspaceReader, id: string): Response {
  const found = reader.file(id);
  if (!found) throw new HttpError(404, 'There is no such file.');
  const { file, bytes } = found;
  const isShown = SHOWN_TYPES.has(file.mimetype);
  const download = `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`;
  return context.body(new Uint8Array(bytes), 200, {
    'content-type': isShown ? file.mimetype : 'application/octet-stream',
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'private, max-age=31536000, immutable',
    ...(isShown ? {} : { 'content-disposition': download }),
  });
}

function stateValues(value: unknown): StateValues {
  return typeof value === 'object' && value !== null ? (value as StateValues) : {};
}
