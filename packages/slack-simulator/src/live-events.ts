import type { ServerResponse } from 'node:http';
import type { Change } from './journaled-store.ts';
import type { WorkspaceEvent } from './types.ts';
import { toView, type WorkspaceReader } from './workspace-reader.ts';

/** Proxies and browsers drop a silent stream; a comment this often keeps it open. */
const HEARTBEAT_MS = 20_000;

export interface LiveEvents {
  publish(event: WorkspaceEvent): void;
  /** Streams events to one page; `user` also gets what only that person may see, `*` gets everything. */
  stream(response: ServerResponse, user: string | null): void;
  readonly listeners: number;
  /** Called when the first page connects and when the last one leaves. */
  onPresence(listen: (present: boolean) => void): void;
  close(): void;
}

export function createLiveEvents(): LiveEvents {
  const clients = new Map<ServerResponse, string | null>();
  const presence: ((present: boolean) => void)[] = [];
  const heartbeat = setInterval(() => {
    for (const response of clients.keys()) response.write(':\n\n');
  }, HEARTBEAT_MS);
  heartbeat.unref();

  return {
    get listeners() {
      return clients.size;
    },
    publish(event) {
      const person = audienceOf(event);
      const data = `data: ${JSON.stringify(event)}\n\n`;
      for (const [response, user] of clients) {
        if (person === null || user === '*' || user === person) response.write(data);
      }
    },
    stream(response, user) {
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        connection: 'keep-alive',
      });
      response.write('retry: 500\n\n');
      clients.set(response, user);
      if (clients.size === 1) for (const listen of presence) listen(true);
      response.on('close', () => {
        clients.delete(response);
        if (clients.size === 0) for (const listen of presence) listen(false);
      });
    },
    onPresence: (listen) => void presence.push(listen),
    close() {
      clearInterval(heartbeat);
      for (const response of clients.keys()) response.end();
    },
  };
}

/** Translates a stored change into the events that pages must hear. */
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
