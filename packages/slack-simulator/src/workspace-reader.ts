/** Reads messages, views and files out of the store in the shapes the page and the client use. */
import type { JournaledStore, Row } from './journaled-store.ts';
import type { BlockJson, WorkspaceFile, WorkspaceMessage, WorkspaceView } from './types.ts';

/** Which messages of a channel; fields left out do not limit. */
export interface MessagePart {
  /** Newer than this ts. */
  readonly since?: string | undefined;
  /** Older than this ts. */
  readonly before?: string | undefined;
  /** The newest so many; private ones between them do not count. */
  readonly limit?: number | undefined;
}

export interface WorkspaceReader {
  /** Top-level messages (and replies also sent to the channel), oldest first. */
  messages(channel: string, userId: string | null, part?: MessagePart): WorkspaceMessage[];
  /** The root message followed by its replies, oldest first; empty when there is no such thread. */
  thread(channel: string, ts: string, userId: string | null): WorkspaceMessage[];
  message(channel: string, ts: string): WorkspaceMessage | undefined;
  home(userId: string): WorkspaceView | undefined;
  /** Open modals of a person, the topmost last. */
  modals(userId: string): WorkspaceView[];
  view(id: string): WorkspaceView | undefined;
  file(id: string): { readonly file: WorkspaceFile; readonly bytes: Buffer } | undefined;
  channelName(channel: string): string;
  toMessage(row: Row): WorkspaceMessage;
}

export function createWorkspaceReader(store: JournaledStore): WorkspaceReader {
  const table = (name: string) => store.collection(`slack.${name}`);
  /** Private messages of the person (`*`: of everyone). */
  const seenBy = (field: string, value: string, userId: string | null): Row[] =>
    table('ephemeral_messages')
      .findBy(field, value)
      .filter((row) => userId === '*' || row.target_user === userId);

  function toMessage(row: Row): WorkspaceMessage {
    const ts = String(row.ts);
    const replies = table('messages')
      .findBy('thread_ts', ts)
      .filter((reply) => reply.channel_id === row.channel_id && reply.ts !== ts)
      .sort(byTs);
    return {
      channel: String(row.channel_id),
      ts,
      thread_ts: optionalText(row.thread_ts),
      user: String(row.user),
      text: String(row.text ?? ''),
      blocks: (row.blocks as BlockJson[] | undefined) ?? [],
      files: ((row.files as Row[] | undefined) ?? []).map(toFile),
      metadata: row.metadata ?? null,
      edited: row.edited !== undefined,
      reply_broadcast: row.reply_broadcast === true,
      reply_count: replies.length,
      reply_users: [...new Set(replies.map((reply) => String(reply.user)))],
      latest_reply: optionalText(replies.at(-1)?.ts),
      reactions: (row.reactions as WorkspaceMessage['reactions'] | undefined) ?? [],
      ephemeral_for: optionalText(row.target_user),
    };
  }

  return {
    toMessage,
    messages(channel, userId, { since = '', before, limit = Number.POSITIVE_INFINITY } = {}) {
      const isWithin = ({ ts }: Row) =>
        String(ts) > since && (before === undefined || String(ts) < before);
      const shown: Row[] = [];
      for (const row of table('messages').newestBy('channel_id', channel)) {
        if (String(row.ts) <= since || shown.length === limit) break;
        if (isWithin(row) && isTopLevel(row)) shown.push(row);
      }
      // Private messages older than the page belong to an earlier one.
      const first = shown.length === limit ? String(shown.at(-1)?.ts) : '';
      const own = seenBy('channel_id', channel, userId).filter(
        (row) => isWithin(row) && isTopLevel(row) && String(row.ts) > first,
      );
      return [...shown, ...own].sort(byTs).map(toMessage);
    },
    thread: (channel, ts, userId) =>
      [
        ...table('messages').findBy('ts', ts),
        ...table('messages').findBy('thread_ts', ts),
        ...seenBy('ts', ts, userId),
        ...seenBy('thread_ts', ts, userId),
      ]
        // A root that names itself as its thread is found twice.
        .filter((row, index, rows) => rows.indexOf(row) === index && row.channel_id === channel)
        .sort(byTs)
        .map(toMessage),
    message(channel, ts) {
      const found = ['messages', 'ephemeral_messages'].flatMap((name) =>
        table(name).findBy('ts', ts),
      );
      const row = found.find((each) => each.channel_id === channel);
      return row && toMessage(row);
    },
    home(userId) {
      const row = table('views')
        .findBy('user_id', userId)
        .find((view) => view.type === 'home');
      return row && toView(row);
    },
    modals: (userId) =>
      table('views')
        .findBy('user_id', userId)
        .filter((view) => view.type === 'modal')
        .map(toView),
    view(id) {
      const row = table('views').findOneBy('view_id', id);
      return row && toView(row);
    },
    file(id) {
      const row = table('files').findOneBy('file_id', id);
      if (!row || row.deleted) return undefined;
      return { file: toFile(row), bytes: Buffer.from(String(row.content_base64 ?? ''), 'base64') };
    },
    channelName(channel) {
      const row = table('channels').findOneBy('channel_id', channel);
      return row?.is_im ? 'directmessage' : String(row?.name ?? '');
    },
  };
}

export function toView(row: Row): WorkspaceView {
  return {
    id: String(row.view_id),
    type: row.type === 'home' ? 'home' : 'modal',
    user: String(row.user_id),
    callback_id: String(row.callback_id ?? ''),
    title: plainText(row.title) ?? '',
    submit: plainText(row.submit),
    close: plainText(row.close),
    blocks: row.blocks as BlockJson[],
    private_metadata: String(row.private_metadata ?? ''),
    hash: String(row.hash),
  };
}

function toFile(row: Row | Record<string, unknown>): WorkspaceFile {
  return {
    id: String(row.file_id),
    name: String(row.name),
    title: String(row.title),
    mimetype: String(row.mimetype),
    size: Number(row.size),
    ...(row.alt_txt ? { alt_txt: String(row.alt_txt) } : {}),
  };
}

function isTopLevel(row: Row): boolean {
  return !row.thread_ts || row.thread_ts === row.ts || row.reply_broadcast === true;
}

function plainText(value: unknown): string | null {
  const text = (value as { text?: unknown } | null)?.text;
  return typeof text === 'string' ? text : null;
}

function optionalText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function byTs(a: Row, b: Row): number {
  return String(a.ts) < String(b.ts) ? -1 : 1;
}
