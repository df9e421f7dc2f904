/**
 * The local Slack-like workspace: a page in the browser in front of emulate's Slack service, with the real
 * Bolt app behind really signed requests. README.md lists its doors and what it does not reproduce.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { assembleWorkspace } from './assemble-workspace.ts';
import { isTrustedRequest } from './guard.ts';
import { DoorError, findRoute, type Route, sendJson } from './http-exchange.ts';
import { createJournaledStore, type JournaledStore } from './journaled-store.ts';
import { createLiveEvents, eventsOf, type LiveEvents } from './live-events.ts';
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
  const log = options.log ?? (() => {});
  const host = options.host ?? '127.0.0.1';
  if (!LOOPBACK.has(host)) {
    throw new Error(
      `The workspace has no log-in, so it must not listen on ${host}. Use 127.0.0.1.`,
    );
  }
  let routes: readonly Route[] = [];
  const server = createServer((request, response) => {
    void answer(request, response, routes, port, log);
  });
  const port = await listen(server, options.port, host);
  const url = `http://127.0.0.1:${port}`;

  try {
    const assets = loadPageAssets(options.stateFolder);
    const live = createLiveEvents();
    const { store, reader } = openStore(options.stateFolder, live);
    await passLastSecond(store);
    const inside = await assembleWorkspace({ ...options, url, store, reader, live, log });
    routes = [
      ...inside.routes,
      ...pageAssetRoutes(await assets, `Acme ML · ${options.manifest.display_information.name}`),
    ];
    return {
      url,
      slackApiUrl: `${url}/slack/api/`,
      async close() {
        live.close();
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
        await inside.close();
        store.close();
      },
    };
  } catch (error) {
    server.close();
    throw error;
  }
}

function openStore(stateFolder: string, live: LiveEvents) {
  const store: JournaledStore = createJournaledStore({
    file: join(stateFolder, 'workspace.ndjson'),
    transient: TRANSIENT_COLLECTIONS,
    shape: shapeRow,
    onChange(change) {
      if (live.listeners === 0) return;
      for (const event of eventsOf(change, reader)) live.publish(event);
    },
  });
  const reader: WorkspaceReader = createWorkspaceReader(store);
  return { store, reader };
}

/**
 * emulate numbers messages within a second from 1 again in every process, so a restart within the second of
 * the last message would reuse its ts. Waits that second out.
 */
async function passLastSecond(store: JournaledStore): Promise<void> {
  const stamps = store
    .collection('slack.messages')
    .all()
    .map((row) => Number(row.ts));
  const last = stamps.reduce((highest, ts) => Math.max(highest, ts), 0);
  const wait = (Math.floor(last) + 1) * 1000 - Date.now();
  if (wait > 0 && wait <= 1000) await delay(wait);
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  routes: readonly Route[],
  port: number,
  log: (line: string) => void,
): Promise<void> {
  try {
    if (!isTrustedRequest(request, port)) {
      throw new DoorError(403, 'Only the workspace page itself may do that.');
    }
    if (routes.length === 0) throw new DoorError(503, 'The workspace is starting.');
    const url = new URL(request.url ?? '/', `http://127.0.0.1:${port}`);
    const found = findRoute(routes, request.method ?? 'GET', url.pathname);
    if (!found) throw new DoorError(404, 'There is nothing at this address.');
    await found.route.handle({ request, response, url, params: found.params });
  } catch (error) {
    refuse(response, error, log);
    request.resume();
  }
}

function refuse(response: ServerResponse, error: unknown, log: (line: string) => void): void {
  if (!(error instanceof DoorError)) log(`The workspace failed: ${String(error)}`);
  if (response.headersSent) return void response.end();
  const status = error instanceof DoorError ? error.status : 500;
  const message = error instanceof DoorError ? error.message : 'The workspace failed; see its log.';
  sendJson(response, status, { ok: false, error: message });
}

function listen(
  server: ReturnType<typeof createServer>,
  port: number,
  host: string,
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}
