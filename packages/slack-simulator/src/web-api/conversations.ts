import type { Row } from '../journaled-store.ts';
import { createWorkspaceReader } from '../workspace-reader.ts';
import {
  type Arguments,
  type Caller,
  findChannel,
  flag,
  type Methods,
  paged,
  requireScope,
  SlackError,
  text,
  type WebApiTools,
} from './call.ts';
import { threadedMessageJson } from './messages.ts';

export function conversationMethods({ store }: WebApiTools): Methods {
  const channels = store.collection('slack.channels');
  const reader = createWorkspaceReader(store);

  function readable(args: Arguments, caller: Caller, what: 'read' | 'history'): Row {
    const channel = findChannel(store, text(args, 'channel'));
    requireScope(caller, `${channel.is_im ? 'im' : 'channels'}:${what}`);
    return channel;
  }

  function messagesOf(args: Arguments, rows: readonly Row[]) {
    const { page, ...rest } = paged(args, rows, 'ts');
    const messages = page.map((row) => {
      const { metadata, ...message } = threadedMessageJson(reader, row);
      return metadata && flag(args, 'include_all_metadata') ? { ...message, metadata } : message;
    });
    return { messages, ...rest };
  }

  return {
    'conversations.list': {
      answer(args, caller) {
        const types = (text(args, 'types') || 'public_channel').split(',');
        if (types.includes('public_channel')) requireScope(caller, 'channels:read');
        if (types.includes('im')) requireScope(caller, 'im:read');
        const rows = channels
          .all()
          .filter((row) => types.includes(row.is_im ? 'im' : 'public_channel'))
          .filter((row) => !row.is_im || (row.members as string[]).includes(caller.userId));
        const { page, response_metadata } = paged(args, rows, 'channel_id');
        return { channels: page.map((row) => channelJson(row, caller)), response_metadata };
      },
    },
    'conversations.info': {
      answer: (args, caller) => ({ channel: channelJson(readable(args, caller, 'read'), caller) }),
    },
    'conversations.members': {
      answer(args, caller) {
        const { members } = readable(args, caller, 'read');
        return { members, response_metadata: { next_cursor: '' } };
      },
    },
    'conversations.history': {
      answer(args, caller) {
        const channel = readable(args, caller, 'history');
        const rows = store
          .collection('slack.messages')
          .findBy('channel_id', channel.channel_id)
          .filter((row) => !row.thread_ts || row.thread_ts === row.ts || row.reply_broadcast)
          .filter((row) => isWithin(Number(row.ts), args))
          .sort((a, b) => (String(a.ts) < String(b.ts) ? 1 : -1));
        return messagesOf(args, rows);
      },
    },
    'conversations.replies': {
      answer(args, caller) {
        const channel = readable(args, caller, 'history');
        const ts = text(args, 'ts');
        const rows = store
          .collection('slack.messages')
          .findBy('channel_id', channel.channel_id)
          .filter((row) => row.ts === ts || row.thread_ts === ts)
          .filter((row) => row.ts === ts || isWithin(Number(row.ts), args))
          .sort((a, b) => (String(a.ts) > String(b.ts) ? 1 : -1));
        if (rows.length === 0) throw new SlackError('thread_not_found');
        return messagesOf(args, rows);
      },
    },
    'conversations.open': {
      scope: 'im:write',
      answer(args, caller) {
        const [user = '', ...others] = text(args, 'users').split(',');
        if (user === '' && text(args, 'channel') === '') {
          throw new SlackError('users_list_not_supplied');
        }
        if (others.length > 0) throw new SlackError('not_supported');
        const channel = findChannel(store, text(args, 'channel') || user);
        return {
          no_op: true,
          already_open: true,
          channel: flag(args, 'return_im')
            ? channelJson(channel, caller)
            : { id: channel.channel_id },
        };
      },
    },
    'conversations.join': {
      scope: 'channels:join',
      answer: (args, caller) => ({
        channel: channelJson(findChannel(store, text(args, 'channel')), caller),
        warning: 'already_in_channel',
        response_metadata: { warnings: ['already_in_channel'] },
      }),
    },
  };
}

function channelJson(row: Row, { userId }: Caller): Record<string, unknown> {
  const members = row.members as readonly string[];
  return {
    id: row.channel_id,
    name: row.name,
    name_normalized: row.name,
    is_channel: row.is_channel,
    is_group: false,
    is_im: row.is_im ?? false,
    is_mpim: false,
    is_private: row.is_private,
    is_archived: row.is_archived,
    ...(row.is_im ? { user: members.find((id) => id !== userId) } : {}),
    is_member: members.includes(userId),
    topic: row.topic,
    purpose: row.purpose,
    creator: row.creator,
    num_members: row.num_members,
  };
}

function isWithin(ts: number, args: Arguments): boolean {
  const oldest = Number(text(args, 'oldest') || 0);
  const latest = Number(text(args, 'latest') || Number.POSITIVE_INFINITY);
  return flag(args, 'inclusive') ? ts >= oldest && ts <= latest : ts > oldest && ts < latest;
}
