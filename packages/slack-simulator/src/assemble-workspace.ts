/** Puts the parts of the workspace together once its address is known. */
import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { createAppEvents } from './app-events.ts';
import type { Clock } from './clock.ts';
import { answerError, HttpError } from './http.ts';
import { createInteractions } from './interactions.ts';
import type { JournaledStore } from './journaled-store.ts';
import type { LiveEvents } from './live-events.ts';
import { createModals } from './modals.ts';
import { pageRoutes } from './page-routes.ts';
import { createPayloads } from './payloads.ts';
import type { WorkspacePlugin } from './plugin.ts';
import { createResponseUrls, type ResponseTarget } from './response-urls.ts';
import { createSignedSender } from './signed-request.ts';
import { slackRoutes } from './slack-routes.ts';
import { createTriggers } from './triggers.ts';
import type { Person, WorkspaceIdentity, WorkspaceInfo, WorkspaceOptions } from './types.ts';
import type { Caller, Fields } from './web-api/call.ts';
import { createWebApi } from './web-api/create-web-api.ts';
import type { WorkspaceReader } from './workspace-reader.ts';
import { directMessageId, seedWorkspace } from './workspace-records.ts';

/** Scopes of the people's own tokens, with which the page posts in their name. */
const PERSON_SCOPES = [
  'chat:write',
  'files:write',
  'im:read',
  'im:history',
  'channels:read',
  'channels:history',
];

type Options = WorkspaceOptions & {
  readonly identity: WorkspaceIdentity;
  readonly plugins: readonly WorkspacePlugin[];
  readonly url: string;
  readonly store: JournaledStore;
  readonly reader: WorkspaceReader;
  readonly live: LiveEvents;
  readonly clock: Clock;
  readonly log: (line: string) => void;
};

export interface AssembledWorkspace {
  readonly routes: Hono;
  /** Names of the Web API methods it answers. */
  readonly methods: readonly string[];
  close(): void;
}

export function assembleWorkspace(options: Options): AssembledWorkspace {
  const { url, store, reader, live, clock, log, identity, manifest, people, requestUrl } = options;
  const { channels, usergroups = [] } = options;
  const baseUrl = `${url}/slack`;
  seedWorkspace({ store, identity, manifest, people, channels });

  const triggers = createTriggers(clock.now);
  const tokens = new Map(people.map(({ id }) => [id, `xoxp-${randomBytes(12).toString('hex')}`]));
  const callers = new Map<string, Caller>([
    [
      options.botToken,
      { userId: identity.botUserId, scopes: manifest.oauth_config?.scopes?.bot ?? null },
    ],
    ...[...tokens].map(([userId, token]): [string, Caller] => [
      token,
      { userId, scopes: PERSON_SCOPES },
    ]),
  ]);
  const api = createWebApi({
    store,
    identity,
    clock,
    triggers,
    usergroups,
    baseUrl,
    callers,
    refusedBlockTypes: options.refusedBlockTypes ?? [],
  });
  const call = (method: string, args: Fields) => api.call(options.botToken, method, args);

  const responseUrls = createResponseUrls({ baseUrl, store, call, now: clock.now });
  const send = createSignedSender({
    requestUrl: typeof requestUrl === 'function' ? requestUrl : () => requestUrl,
    signingSecret: options.signingSecret,
    now: clock.now,
    log,
  });
  const person = (id: string): Person => {
    const found = people.find((each) => each.id === id);
    if (!found) throw new HttpError(404, `No one in this workspace has the id "${id}".`);
    return found;
  };
  const payloads = createPayloads(identity);
  const events = createAppEvents({ manifest, reader, send, payloads, identity, now: clock.now });
  const tools = {
    store,
    reader,
    send,
    responseUrls,
    triggers,
    payloads,
    person,
    now: clock.now,
  };
  const plugins = startPlugins(options, person);

  const routes = new Hono()
    .onError(answerError(log))
    .notFound((context) =>
      context.json({ ok: false, error: 'There is nothing at this address.' }, 404),
    )
    .route('/slack', slackRoutes({ api, store, responseUrls }))
    .route(
      '/',
      pageRoutes({
        info: describeWorkspace(options),
        directory: { app: appName(options), identity, people, channels, usergroups },
        commands: manifest.features?.slash_commands ?? [],
        store,
        reader,
        live,
        interactions: createInteractions({
          ...tools,
          manifest,
          notify: (target, line) => void notify(store, clock.nextTs(), target, line),
        }),
        modals: createModals({ ...tools, call }),
        events,
        person,
        callAs: (userId, method, args) => api.call(tokens.get(userId) ?? null, method, args),
      }),
    );
  for (const { name, server } of plugins) routes.route(`/plugins/${name}`, server.routes);

  return {
    routes,
    methods: api.methods,
    close() {
      events.close();
      for (const { server } of plugins) server.close?.();
    },
  };
}

function startPlugins({ plugins, live, log }: Options, person: (id: string) => Person) {
  return plugins.map((plugin) => {
    const { name } = plugin;
    const server = plugin.start({
      person,
      publish: (data) => live.publish({ type: 'plugin', plugin: name, data }),
      onPresence: live.onPresence,
      log,
    });
    server.routes.onError(answerError(log));
    return { name, server };
  });
}

/** Shows a line to one person, as Slackbot does. */
function notify(store: JournaledStore, ts: string, target: ResponseTarget, line: string) {
  return store.collection('slack.ephemeral_messages').insert({
    ts,
    channel_id: target.channel,
    user: 'USLACKBOT',
    target_user: target.userId,
    text: line,
    type: 'message',
    ...(target.threadTs ? { thread_ts: target.threadTs } : {}),
  });
}

function describeWorkspace(options: Options): WorkspaceInfo {
  const { identity, manifest, people, channels } = options;
  const { features, display_information: display } = manifest;
  return {
    team: { id: identity.team.id, name: identity.team.name },
    people,
    channels,
    usergroups: options.usergroups ?? [],
    directMessages: Object.fromEntries(people.map(({ id }) => [id, directMessageId(id)])),
    app: {
      id: identity.appId,
      name: appName(options),
      description: display.description ?? '',
      color: display.background_color ?? '#3b2f63',
      botUserId: identity.botUserId,
      hasHome: features?.app_home?.home_tab_enabled ?? false,
      hasMessages: features?.app_home?.messages_tab_enabled ?? true,
    },
    commands: features?.slash_commands ?? [],
    shortcuts: features?.shortcuts ?? [],
  };
}

function appName({ manifest }: WorkspaceOptions): string {
  return manifest.features?.bot_user?.display_name ?? manifest.display_information.name;
}
