/** The doors of the page, the tests and the scripted demo; README.md describes each. */
import type { AppEvents } from './app-events.ts';
import { type Directory, toCommandText, toSlackText } from './entered-text.ts';
import {
  DoorError,
  type Exchange,
  optionalText,
  type Route,
  readJson,
  route,
  sendJson,
  sendText,
  text,
} from './http-exchange.ts';
import { type Interactions, UnknownTargetError } from './interactions.ts';
import type { JournaledStore } from './journaled-store.ts';
import type { LiveEvents } from './live-events.ts';
import type { Modals } from './modals.ts';
import type { StateValues } from './payloads.ts';
import type { SlackAnswer } from './slack-service.ts';
import type { Person, SlashCommand, WorkspaceInfo } from './types.ts';
import type { WorkspaceReader } from './workspace-reader.ts';
import type { Identities } from './workspace-records.ts';

export interface PageDoorTools {
  readonly info: () => WorkspaceInfo;
  readonly directory: Directory;
  readonly commands: readonly SlashCommand[];
  readonly store: JournaledStore;
  readonly reader: WorkspaceReader;
  readonly live: LiveEvents;
  readonly interactions: Interactions;
  readonly modals: Modals;
  readonly events: AppEvents;
  readonly identities: Identities;
  readonly person: (id: string) => Person;
  readonly callAs: (
    userId: string,
    method: string,
    body: Record<string, unknown>,
  ) => Promise<SlackAnswer>;
}

export function pageRoutes(tools: PageDoorTools): readonly Route[] {
  const { info, reader, live, interactions, modals, events, person } = tools;

  async function act(exchange: Exchange, work: (body: Fields) => Promise<object>): Promise<void> {
    const body = await readJson(exchange.request);
    person(text(body, 'user'));
    try {
      sendJson(exchange.response, 200, await work(body));
    } catch (error) {
      if (error instanceof UnknownTargetError) throw new DoorError(404, error.message);
      throw error;
    }
  }

  async function post(body: Fields): Promise<object> {
    const user = text(body, 'user');
    const thread = optionalText(body, 'thread_ts');
    const answer = await tools.callAs(user, 'chat.postMessage', {
      channel: text(body, 'channel'),
      text: toSlackText(text(body, 'text'), tools.directory),
      ...(thread ? { thread_ts: thread } : {}),
    });
    if (!answer.ok) throw new DoorError(400, `The message was refused: ${answer.error}.`);
    const message = reader.message(String(answer.channel), String(answer.ts));
    if (message) events.messagePosted(message);
    return { ok: true, message };
  }

  function command(body: Fields): Promise<object> {
    const entered = text(body, 'text');
    const escapes = tools.commands.find(
      (each) => each.command === entered.trim().split(/\s/)[0],
    )?.should_escape;
    return interactions.command({
      user: text(body, 'user'),
      channel: text(body, 'channel'),
      text: escapes ? toCommandText(entered, tools.directory) : entered,
    });
  }

  async function openHome(body: Fields): Promise<object> {
    const user = text(body, 'user');
    const tab = body.tab === 'messages' ? 'messages' : 'home';
    events.homeOpened({ user, channel: tools.identities.directMessage(user), tab });
    return { ok: true, view: reader.home(user) ?? null };
  }

  async function dismiss(body: Fields): Promise<object> {
    const table = tools.store.collection('slack.ephemeral_messages');
    const row = table
      .findBy('ts', text(body, 'ts'))
      .find((each) => each.target_user === text(body, 'user'));
    if (row) table.delete(row.id);
    return { ok: true };
  }

  function action(body: Fields): Promise<object> {
    const { user, channel, ts, view_id, block_id, action_id, values, ...choice } = body;
    return interactions.action({
      user: text({ user }, 'user'),
      channel: optionalText({ channel }, 'channel'),
      ts: optionalText({ ts }, 'ts'),
      view_id: optionalText({ view_id }, 'view_id'),
      block_id: text({ block_id }, 'block_id'),
      action_id: text({ action_id }, 'action_id'),
      choice,
      values: stateValues(values),
    });
  }

  return [
    route('GET', '/api/workspace', ({ response }) => sendJson(response, 200, info())),
    route('GET', '/api/messages', ({ response, url }) => {
      const channel = url.searchParams.get('channel') ?? '';
      const since = url.searchParams.get('since') ?? '';
      const messages = reader.messages(channel, url.searchParams.get('user'), since);
      sendJson(response, 200, { messages });
    }),
    route('GET', '/api/threads/:ts', ({ response, url, params }) => {
      const channel = url.searchParams.get('channel') ?? '';
      const user = url.searchParams.get('user');
      sendJson(response, 200, { messages: reader.thread(channel, String(params.ts), user) });
    }),
    route('GET', '/api/home', ({ response, url }) => {
      const view = reader.home(url.searchParams.get('user') ?? '') ?? null;
      sendJson(response, 200, { view });
    }),
    route('GET', '/api/views', ({ response, url }) => {
      sendJson(response, 200, { stack: reader.modals(url.searchParams.get('user') ?? '') });
    }),
    route('GET', '/api/events', ({ response, url }) => {
      live.stream(response, url.searchParams.get('user'));
    }),
    route('GET', '/files/:id', fileDoor(reader)),
    route('POST', '/api/messages', (exchange) => act(exchange, post)),
    route('POST', '/api/commands', (exchange) => act(exchange, command)),
    route('POST', '/api/actions', (exchange) => act(exchange, action)),
    route('POST', '/api/shortcuts', (exchange) =>
      act(exchange, (body) =>
        interactions.shortcut({
          user: text(body, 'user'),
          callback_id: text(body, 'callback_id'),
          channel: optionalText(body, 'channel'),
          ts: optionalText(body, 'ts'),
        }),
      ),
    ),
    route('POST', '/api/views/:id/submit', (exchange) =>
      act(exchange, (body) =>
        modals.submit({
          viewId: String(exchange.params.id),
          user: text(body, 'user'),
          values: stateValues(body.values),
        }),
      ),
    ),
    route('POST', '/api/views/:id/close', (exchange) =>
      act(exchange, (body) =>
        modals.close({
          viewId: String(exchange.params.id),
          user: text(body, 'user'),
          clear: body.clear === true,
        }),
      ),
    ),
    route('POST', '/api/home/open', (exchange) => act(exchange, openHome)),
    route('POST', '/api/ephemeral/dismiss', (exchange) => act(exchange, dismiss)),
  ];
}

type Fields = Readonly<Record<string, unknown>>;

/** Shown in place; anything else is offered as a download, so that no upload becomes a page. */
const SHOWN_TYPES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

function fileDoor(reader: WorkspaceReader): Route['handle'] {
  return ({ response, params }) => {
    const found = reader.file(String(params.id));
    if (!found) throw new DoorError(404, 'There is no such file.');
    const { file, bytes } = found;
    const isShown = SHOWN_TYPES.has(file.mimetype);
    sendText(response, 200, bytes, {
      'content-type': isShown ? file.mimetype : 'application/octet-stream',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, max-age=31536000, immutable',
      ...(isShown
        ? {}
        : {
            'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
          }),
    });
  };
}

function stateValues(value: unknown): StateValues {
  return typeof value === 'object' && value !== null ? (value as StateValues) : {};
}
