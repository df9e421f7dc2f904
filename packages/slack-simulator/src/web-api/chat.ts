import type { Row } from '../journaled-store.ts';
import { blockRefusals } from '../limits.ts';
import {
  type Arguments,
  type Caller,
  findChannel,
  findMessage,
  flag,
  json,
  type Methods,
  objectOf,
  SlackError,
  text,
  type WebApiTools,
} from './call.ts';
import { insertMessage, messageJson } from './messages.ts';

/** Slack cuts longer texts, in characters. */
const TEXT_LIMIT = 40_000;

const OPTIONAL_TEXTS = ['parse', 'username', 'icon_url', 'icon_emoji', 'client_msg_id'];
const OPTIONAL_FLAGS = ['mrkdwn', 'unfurl_links', 'unfurl_media', 'reply_broadcast'];

export function chatMethods(tools: WebApiTools): Methods {
  const { store, clock, baseUrl } = tools;
  const messages = store.collection('slack.messages');

  /** Everything about a message but where it goes. */
  function content(args: Arguments): Record<string, unknown> {
    const blocks = json(args, 'blocks', 'invalid_blocks_format');
    const attachments = json(args, 'attachments', 'invalid_attachments');
    if (blocks !== undefined && !Array.isArray(blocks)) {
      throw new SlackError('invalid_blocks_format');
    }
    refuseBlocks('invalid_blocks', blockRefusals(blocks, 'message', tools.refusedBlockTypes));
    const metadata = objectOf(args, 'metadata', 'invalid_metadata_format');
    const given = (names: readonly string[]) =>
      names.filter((name) => args[name] !== undefined && args[name] !== '');
    return {
      ...(blocks === undefined ? {} : { blocks }),
      ...(attachments === undefined ? {} : { attachments }),
      ...(metadata === undefined ? {} : { metadata }),
      ...Object.fromEntries(given(OPTIONAL_TEXTS).map((name) => [name, text(args, name)])),
      ...Object.fromEntries(given(OPTIONAL_FLAGS).map((name) => [name, flag(args, name)])),
    };
  }

  function newMessage(args: Arguments, channel: Row, caller: Caller): Record<string, unknown> {
    const fields = content(args);
    const hasContent = [fields.blocks, fields.attachments].some(
      (list) => Array.isArray(list) && list.length > 0,
    );
    if (text(args, 'text') === '' && !hasContent) throw new SlackError('no_text');
    if (channel.is_archived) throw new SlackError('is_archived');
    return {
      ts: clock.nextTs(),
      channel_id: channel.channel_id,
      user: caller.userId,
      text: text(args, 'text').slice(0, TEXT_LIMIT),
      ...(text(args, 'thread_ts') ? { thread_ts: text(args, 'thread_ts') } : {}),
      ...fields,
    };
  }

  function own(args: Arguments, caller: Caller, refusal: string): Row {
    const channel = findChannel(store, text(args, 'channel'));
    const message = findMessage(store, String(channel.channel_id), text(args, 'ts'));
    if (message.user !== caller.userId) throw new SlackError(refusal);
    return message;
  }

  return {
    'chat.postMessage': {
      scope: 'chat:write',
      answer(args, caller) {
        const channel = findChannel(store, text(args, 'channel'));
        const message = insertMessage(store, newMessage(args, channel, caller));
        return { channel: channel.channel_id, ts: message.ts, message: messageJson(message) };
      },
    },
    'chat.postEphemeral': {
      scope: 'chat:write',
      answer(args, caller) {
        const channel = findChannel(store, text(args, 'channel'));
        const target = store.collection('slack.users').findOneBy('user_id', text(args, 'user'));
        if (!target) throw new SlackError('user_not_found');
        const members = channel.members as readonly string[];
        if (!members.includes(String(target.user_id))) throw new SlackError('user_not_in_channel');
        const message = store.collection('slack.ephemeral_messages').insert({
          type: 'message',
          target_user: target.user_id,
          ...newMessage(args, channel, caller),
        });
        return { message_ts: message.ts };
      },
    },
    'chat.update': {
      scope: 'chat:write',
      answer(args, caller) {
        const message = own(args, caller, 'cant_update_message');
        const fields = content(args);
        const hasText = typeof args.text === 'string';
        if (!hasText && Object.keys(fields).length === 0) throw new SlackError('no_text');
        const updated = messages.update(message.id, {
          // A text without blocks replaces the blocks.
          ...(hasText ? { text: text(args, 'text').slice(0, TEXT_LIMIT) } : {}),
          ...(hasText ? { blocks: undefined, attachments: undefined } : {}),
          ...fields,
          edited: { user: caller.userId, ts: clock.nextTs() },
        });
        const { channel_id: channel, ts, text: shown } = message;
        return {
          channel,
          ts,
          text: updated?.text ?? shown,
          message: messageJson(updated ?? message),
        };
      },
    },
    'chat.delete': {
      scope: 'chat:write',
      answer(args, caller) {
        const { id, channel_id: channel, ts } = own(args, caller, 'cant_delete_message');
        messages.delete(id);
        const pins = store.collection('slack.pins');
        for (const pin of pins.findBy('message_ts', ts)) {
          if (pin.channel_id === channel) pins.delete(pin.id);
        }
        return { channel, ts };
      },
    },
    'chat.getPermalink': {
      answer(args) {
        const { channel_id: channel } = findChannel(store, text(args, 'channel'));
        const { ts, thread_ts } = findMessage(store, String(channel), text(args, 'message_ts'));
        const link = `${baseUrl}/archives/${channel}/p${String(ts).replace('.', '')}`;
        const isReply = thread_ts && thread_ts !== ts;
        const query = new URLSearchParams({ thread_ts: String(thread_ts), cid: String(channel) });
        return { channel, permalink: isReply ? `${link}?${query}` : link };
      },
    },
  };
}

/** Refuses as Slack does, with what is wrong where in `response_metadata`. */
export function refuseBlocks(error: string, refusals: readonly string[]): void {
  if (refusals.length === 0) return;
  const messages = refusals.map((refusal) => `[ERROR] ${refusal}`);
  throw new SlackError(error, { errors: refusals, response_metadata: { messages } });
}
