/**
 * emulate's Slack service (Web API, threads, files, views) over our journaled store.
 *
 * emulate 0.12.2 starts its built-in services with random user and channel ids, in memory only, and with
 * 5000 requests an hour. Its Slack routes themselves take any store, so they are registered here as a
 * custom emulator (a public API of emulate) on a store that keeps ids and ts values. The routes are not in
 * the package's `exports`; hence the path below and the check of the version it belongs to.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createEmulator, defineEmulator } from 'emulate';
import type { JournaledStore } from './journaled-store.ts';

const EMULATE_VERSION = '0.12.2';
const SLACK_ROUTES = 'dist/dist-6ZQHD4DN.js';

export interface SlackService {
  /** Calls a Web API method as the owner of `token`. */
  call(token: string, method: string, body: Record<string, unknown>): Promise<SlackAnswer>;
  fetch(request: Request): Promise<Response>;
  close(): Promise<void>;
}

export interface SlackAnswer {
  readonly ok: boolean;
  readonly error?: string;
  readonly [field: string]: unknown;
}

interface SlackRoutes {
  register(app: unknown, store: unknown, webhooks: unknown, baseUrl: string): void;
}

export async function createSlackService(options: {
  store: JournaledStore;
  /** Where the service answers, without `/api`: upload addresses and permalinks start with it. */
  baseUrl: string;
}): Promise<SlackService> {
  const routes = await loadSlackRoutes();
  const { origin } = new URL(options.baseUrl);
  const runtime = await createEmulator({
    service: defineEmulator({
      name: 'slack',
      state: () => ({}),
      cors: false,
      setup: ({ app, webhooks, baseUrl }) => routes.register(app, options.store, webhooks, baseUrl),
    }),
    listen: false,
    baseUrl: options.baseUrl,
  });

  return {
    async call(token, method, body) {
      const response = await runtime.fetch(
        new Request(`${origin}/api/${method}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      );
      return (await response.json()) as SlackAnswer;
    },
    fetch: (request) => runtime.fetch(request),
    close: () => runtime.close(),
  };
}

async function loadSlackRoutes(): Promise<SlackRoutes> {
  const folders = createRequire(import.meta.url).resolve.paths('emulate') ?? [];
  const folder = folders.map((path) => join(path, 'emulate')).find((path) => existsSync(path));
  const version: unknown =
    folder && JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
  if (!folder || version !== EMULATE_VERSION) {
    throw new Error(
      `The local workspace needs emulate ${EMULATE_VERSION} exactly, found ${version ?? 'none'}. Run npm ci.`,
    );
  }
  const module = await import(pathToFileURL(join(folder, SLACK_ROUTES)).href);
  return module.slackPlugin as SlackRoutes;
}
