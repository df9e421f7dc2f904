/**
 * What an application adds to the workspace that is no part of Slack: routes on the server, and components
 * on the page. README.md shows one whole.
 */
import type { Hono } from 'hono';
import type { Person } from './types.ts';

export { Hono } from 'hono';
export { type Fields, HttpError, optionalText, readJson, text } from './http.ts';

export interface WorkspacePlugin {
  /** Lower-case letters and hyphens: its routes are served under `/plugins/<name>/`. */
  readonly name: string;
  /** Path of a module that exports `plugin: PagePlugin` (see `./page`); it is bundled into the page. */
  readonly pageModule?: string;
  start(host: PluginHost): PluginServer;
}

export interface PluginServer {
  /** Behind the same guard as the page's own routes. Bodies are not limited: a route reads what it takes. */
  readonly routes: Hono;
  close?(): void;
}

export interface PluginHost {
  /** Throws an HttpError for an id that is not in the workspace. */
  person(id: string): Person;
  /** Sends `data` to the plug-in's part of every open page. */
  publish(data: unknown): void;
  /** Called when the first page opens and when the last one closes. */
  onPresence(listen: (isPresent: boolean) => void): void;
  readonly log: (line: string) => void;
}
