/**
 * A local Slack workspace: a page in the browser in front of a Web API, with the real Bolt app behind really
 * signed requests. README.md lists what it reproduces and what not.
 */
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createAdaptorServer, type HttpBindings, type ServerType } from '@hono/node-server';
import { Hono } from 'hono';
import { assembleWorkspace } from './assemble-workspace.ts';
import { createClock } from './clock.ts';
import { guard, safeHeaders } from './guard.ts';
import { answerError, HttpError } from './http.ts';
import { DEFAULT_IDENTITY } from './identity.ts';
import { createJournaledStore, type JournaledStore } from './journaled-store.ts';
import { createLiveEvents, eventsOf } from './live-events.ts';
import { loadPageAssets, pageAssetRoutes } from './page-assets.ts';
import type { WorkspaceOptions } from './types.ts';
import { createWorkspaceReader, type WorkspaceReader } from './workspace-reader.ts';
import { shapeRow, TRANSIENT_COLLECTIONS } from './workspace-records.ts';

export interface Workspace {
  readonly url: string;
  /** Base address for WebClient and Bolt, with its trailing slash. */
  readonly slackApiUrl: string;
  close(): Promise<void>;
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost']);

/** Opens the workspace; it answers once the promise resolves. Rejects when the port is taken. */
export async function createWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const { log = () => {}, host = '127.0.0.1', identity = DEFAULT_IDENTITY, stateFolder } = options;
  if (!LOOPBACK.has(host)) {
    throw new Error(
      `The workspace has no log-in, so it must not listen on ${host}. Use 127.0.0.1.`,
    );
  }
  const inside: { app: Hono | null } = { app: null };
  let port = 0;
  const outside = new Hono<{ Bindings: HttpBindings }>()
    .onError(answerError(log))
    .use(safeHeaders)
    .use(guard(() => port))
    .all('*', (context) => {
      if (inside.app === null) throw new HttpError(503, 'The workspace is starting.');
      return inside.app.fetch(context.req.raw, context.env);
    });
  const server = createAdaptorServer({ fetch: outside.fetch, overrideGlobalObjects: false });
  port = await listen(server, options.port, host);
  const url = `http://127.0.0.1:${port}`;

  try {
    const plugins = options.plugins ?? [];
    const pageModules = plugins.flatMap(({ pageModule }) => pageModule ?? []);
    const assets = loadPageAssets({ stateFolder, pageModules });
    const live = createLiveEvents();
    const store: JournaledStore = createJournaledStore({
      file: join(stateFolder, 'workspace.ndjson'),
      transient: TRANSIENT_COLLECTIONS,
      shape: (collection, row) => shapeRow(identity, collection, row),
      log,
      onChange(change) {
        if (live.listeners === 0) return;
        for (const event of eventsOf(change, reader)) live.publish(event);
      },
    });
    const reader: WorkspaceReader = createWorkspaceReader(store);
    const clock = createClock(lastTs(store), options.now);
    const workspace = assembleWorkspace({
      ...options,
      identity,
      plugins,
      url,
      store,
      reader,
      live,
      clock,
      log,
    });
    const title = `${identity.team.name} · ${options.manifest.display_information.name}`;
    inside.app = workspace.routes.route('/', pageAssetRoutes(await assets, title));
    return {
      url,
      slackApiUrl: `${url}/slack/api/`,
      async close() {
        live.close();
        if ('closeAllConnections' in server) server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
        workspace.close();
        store.close();
      },
    };
  } catch (error) {
    server.close();
    throw error;
  }
}

function lastTs(store: JournaledStore): string {
  const stamps = store
    .collection('slack.messages')
    .all()
    .map(({ ts }) => String(ts));
  return stamps.reduce((last, ts) => (ts > last ? ts : last), '0.000000');
}

function listen(server: ServerType, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}
