/** What every Web API method receives, and how it reads its arguments and refuses. */
import type { Clock } from '../clock.ts';
import type { JournaledStore, Row } from '../journaled-store.ts';
import type { Triggers } from '../triggers.ts';
import type { WorkspaceIdentity, WorkspaceUsergroup } from '../types.ts';

export interface SlackAnswer {
  readonly ok: boolean;
  readonly error?: string;
  readonly [field: string]: unknown;
}

/** Arguments as they came: texts from a form, any JSON from a JSON body. */
export type Arguments = Readonly<Record<string, unknown>>;

export interface Caller {
  readonly userId: string;
  /** Null where every scope is granted. */
  readonly scopes: readonly string[] | null;
}

/** A method returns the fields beside `ok`, or throws a SlackError. */
export interface Method {
  /** Needed to call it at all; methods on conversations ask for more by the kind of conversation. */
  readonly scope?: string;
  answer(args: Arguments, caller: Caller): Readonly<Record<string, unknown>>;
}

export type Methods = Readonly<Record<string, Method>>;

/** What the methods share. */
export interface WebApiTools {
  readonly store: JournaledStore;
  readonly identity: WorkspaceIdentity;
  readonly clock: Clock;
  readonly triggers: Triggers;
  readonly usergroups: readonly WorkspaceUsergroup[];
  /** Address of the Web API without `/api`: upload addresses and permalinks start with it. */
  readonly baseUrl: string;
  readonly refusedBlockTypes: readonly string[];
}

/** A refusal under Slack's own name for it. */
export class SlackError extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, details: Readonly<Record<string, unknown>> = {}) {
    super(code);
    this.code = code;
    this.details = details;
  }
}

export function requireScope(caller: Caller, needed: string): void {
  if (caller.scopes === null || caller.scopes.includes(needed)) return;
  throw new SlackError('missing_scope', { needed, provided: caller.scopes.join(',') });
}

export function text(args: Arguments, name: string): string {
  const value = args[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

export function flag(args: Arguments, name: string): boolean {
  return ['true', '1', 'True'].includes(String(args[name]));
}

/** A value that forms carry as JSON; undefined when it is absent, `error` thrown when it is not JSON. */
export function json(args: Arguments, name: string, error: string): unknown {
  const value = args[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw new SlackError(error);
  }
}

export function objectOf(args: Arguments, name: string, error: string): Fields | undefined {
  const value = json(args, name, error);
  if (value === undefined) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) throw new SlackError(error);
  return value as Fields;
}

export type Fields = Readonly<Record<string, unknown>>;

/** A page of `rows` by Slack's cursor, which here is the key of the next row. */
export function paged(args: Arguments, rows: readonly Row[], key: string) {
  const limit = Math.min(Number(args.limit) || 100, 1_000);
  const cursor = text(args, 'cursor');
  const start = Math.max(
    0,
    rows.findIndex((row) => cursor !== '' && row[key] === cursor),
  );
  const next = rows[start + limit];
  return {
    page: rows.slice(start, start + limit),
    has_more: next !== undefined,
    response_metadata: { next_cursor: next ? String(next[key]) : '' },
  };
}

/** The conversation named by id or `#name`; a person's id names their direct messages with the app. */
export function findChannel(store: JournaledStore, name: string): Row {
  const channels = store.collection('slack.channels');
  const found =
    channels.findOneBy('channel_id', name) ??
    channels.all().find((row) => !row.is_im && row.name === name.replace(/^#/, '')) ??
    channels.all().find((row) => row.is_im && row.user === name);
  if (name === '' || !found) throw new SlackError('channel_not_found');
  return found;
}

export function findMessage(store: JournaledStore, channel: string, ts: string): Row {
  const found = store
    .collection('slack.messages')
    .findBy('ts', ts)
    .find((row) => row.channel_id === channel);
  if (!found) throw new SlackError('message_not_found');
  return found;
}
