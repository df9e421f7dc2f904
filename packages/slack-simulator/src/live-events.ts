import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Change } from './journaled-store.ts';
import type { WorkspaceEvent } from './types.ts';
import { toView, type WorkspaceReader } from './workspace-reader.ts';

/** Proxies and browsers drop a silent stream; a comment this often keeps it open. */
const HEARTBEAT_MS = 20_000;
/** A page that has not read this many characters is cut off; it connects again and asks for everything. */
const MOST_UNREAD = 8_000_000;

export interface LiveEvents {
  publish(event: WorkspaceEvent): void;
  /** Streams events to one page; `user` also gets what only that person may see, `*` gets everything. */
  stream(context: Context<{ Bindings: HttpBindings }>, user: string | null): Response;
  readonly listeners: number;
  /** Called when the first page connects and when the last one leaves. */
  onPresence(listen: (isPresent: boolean) => void): void;
  close(): void;
}

interface Client {
  readonly user: string | null;
  send(chunk: string): void;
  end(): void;
}

export function createLiveEvents(): LiveEvents {
  const clients = new Set<Client>();
  const presence: ((isPresent: boolean) => void)[] = [];
  const heartbeat = setInterval(() => {
    for (const client of clients) client.send(':\n\n');
  }, HEARTBEAT_MS);
  heartbeat.unref();

  function enter(client: Client): void {
    clients.add(client);
    if (clients.size === 1) for (const listen of presence) listen(true);
  }

  function leave(client: Client): void {
    if (clients.delete(client) && clients.size === 0) for (const listen of presence) listen(false);
  }

  return {
    get listeners() {
      return clients.size;
    },
    publish(event) {
      const person = audienceOf(event);
      const data = `data: ${JSON.stringify(event)}\n\n`;
      for (const client of clients) {
        if (person === null || client.user === '*' || client.user === person) client.send(data);
      }
    },
    stream: (context, user) =>
      streamSSE(context, async (stream) => {
        let unread = 0;
        await new Promise<void>((resolve) => {
          const client: Client = {
            user,
            send(chunk) {
              unread += chunk.length;
              if (unread > MOST_UNREAD) context.env.outgoing.destroy();
              void stream.write(chunk).then(() => {
                unread -= chunk.length;
              });
            },
            end: resolve,
          };
          stream.onAbort(() => {
            leave(client);
            resolve();
          });
          enter(client);
          client.send('retry: 500\n\n');
        });
      }),
    onPresence: (listen) => void presence.push(listen),
    close() {
      clearInterval(heartbeat);
      for (const client of clients) client.end();
    },
  };
}
/** Translates a stored change into the events that pages need. */
export function eventsOf(change: Change, reader: WorkspaceReader): WorkspaceEvent[] {
  const { kind, collection, row } = change;
  switch (collection) {
    case 'slack.messages':
    case 'slack.ephemeral_messages': {
      const message = reader.toMessage(row);
      if (kind === 'delete') {
        const { channel, ts, ephemeral_for, thread_ts } = message;
        const root = thread_ts && thread_ts !== ts ? reader.message(channel, thread_ts) : undefined;
        const removed = { type: 'delete', channel, ts, ephemeral_for } as const;
        return root ? [removed, { type: 'update', message: root }] : [removed];
      }
      if (message.ephemeral_for) return [{ type: 'ephemeral', message }];
      return [{ type: kind === 'insert' ? 'message' : 'update', message }];
    }
    case 'slack.views': {
      const user = String(row.user_id);
      return row.type === 'home'
        ? [{ type: 'home', user, view: toView(row) }]
        : [{ type: 'view', user, stack: reader.modals(user) }];
    }
    default:
      return [];
  }
}

function audienceOf(event: WorkspaceEvent): string | null {
  switch (event.type) {
    case 'ephemeral':
      return event.message.ephemeral_for;
    case 'delete':
      return event.ephemeral_for;
    case 'view':
    case 'home':
      return event.user;
    default:
      return null;
  }
}
