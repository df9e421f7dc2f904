/** Messages as rows of the store and as the Web API shows them. */
import type { JournaledStore, Row } from '../journaled-store.ts';
import type { WorkspaceReader } from '../workspace-reader.ts';
import { fileJson } from './file-json.ts';

/** Fields of a row that are shown as they are, when they are there. */
const SHOWN = [
  'subtype',
  'bot_id',
  'app_id',
  'username',
  'icon_url',
  'icon_emoji',
  'client_msg_id',
  'blocks',
  'attachments',
  'metadata',
  'mrkdwn',
  'parse',
  'unfurl_links',
  'unfurl_media',
  'reply_broadcast',
  'upload',
  'edited',
  'thread_ts',
] as const;

export function messageJson(row: Row): Record<string, unknown> {
  const shown = SHOWN.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]]));
  const reactions = Array.isArray(row.reactions) ? row.reactions : [];
  return {
    type: row.type,
    user: row.user,
    text: row.text,
    ts: row.ts,
    ...Object.fromEntries(shown),
    ...(Array.isArray(row.files) ? { files: row.files.map(fileJson) } : {}),
    ...(reactions.length > 0 ? { reactions } : {}),
  };
}

/** The same with what a root message says of its thread. */
export function threadedMessageJson(reader: ThreadReader, row: Row): Record<string, unknown> {
  const { reply_count, reply_users, latest_reply } = reader.toMessage(row);
  if (reply_count === 0) return messageJson(row);
  return {
    ...messageJson(row),
    thread_ts: row.ts,
    reply_count,
    reply_users,
    reply_users_count: reply_users.length,
    latest_reply,
  };
}

type ThreadReader = Pick<WorkspaceReader, 'toMessage'>;

/** Stores a message and counts it at the root of its thread. */
export function insertMessage(store: JournaledStore, fields: Record<string, unknown>): Row {
  const messages = store.collection('slack.messages');
  const message = messages.insert({
    type: 'message',
    ...fields,
    reply_count: 0,
    reply_users: [],
    reactions: [],
  });
  const root = messages
    .findBy('ts', fields.thread_ts)
    .find((row) => row.channel_id === fields.channel_id && row.id !== message.id);
  if (root && fields.thread_ts) {
    const users = new Set([...((root.reply_users as string[] | undefined) ?? []), fields.user]);
    messages.update(root.id, {
      reply_count: Number(root.reply_count ?? 0) + 1,
      reply_users: [...users],
    });
  }
  return message;
}
