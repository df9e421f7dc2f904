import type { WorkspaceMessage } from '../types.ts';
import {
  type Arguments,
  findChannel,
  findMessage,
  type Methods,
  SlackError,
  text,
  type WebApiTools,
} from './call.ts';
import { messageJson } from './messages.ts';

type Reactions = WorkspaceMessage['reactions'];

/** Reactions and pins. */
export function messageMarkMethods({ store, clock }: WebApiTools): Methods {
  const messages = store.collection('slack.messages');
  const pins = store.collection('slack.pins');

  function target(args: Arguments) {
    const channel = String(findChannel(store, text(args, 'channel')).channel_id);
    const message = findMessage(store, channel, text(args, 'timestamp'));
    return { channel, message, reactions: (message.reactions as Reactions | undefined) ?? [] };
  }

  function reactionName(args: Arguments): string {
    const name = text(args, 'name').replaceAll(':', '');
    if (name === '') throw new SlackError('invalid_name');
    return name;
  }

  const findPin = (channel: string, ts: unknown) =>
    pins.findBy('message_ts', ts).find((pin) => pin.channel_id === channel);

  return {
    'reactions.add': {
      scope: 'reactions:write',
      answer(args, { userId }) {
        const { message, reactions } = target(args);
        const name = reactionName(args);
        const users = reactions.find((each) => each.name === name)?.users ?? [];
        if (users.includes(userId)) throw new SlackError('already_reacted');
        const added = { name, users: [...users, userId], count: users.length + 1 };
        const rest = reactions.filter((each) => each.name !== name);
        messages.update(message.id, { reactions: [...rest, added] });
        return {};
      },
    },
    'reactions.remove': {
      scope: 'reactions:write',
      answer(args, { userId }) {
        const { message, reactions } = target(args);
        const name = reactionName(args);
        const users = reactions.find((each) => each.name === name)?.users ?? [];
        if (!users.includes(userId)) throw new SlackError('no_reaction');
        const left = users.filter((id) => id !== userId);
        const rest = reactions.filter((each) => each.name !== name);
        messages.update(message.id, {
          reactions: left.length > 0 ? [...rest, { name, users: left, count: left.length }] : rest,
        });
        return {};
      },
    },
    'reactions.get': {
      scope: 'reactions:read',
      answer(args) {
        const { channel, message, reactions } = target(args);
        return { type: 'message', channel, message: { ...messageJson(message), reactions } };
      },
    },
    'pins.add': {
      scope: 'pins:write',
      answer(args, { userId }) {
        const { channel, message } = target(args);
        if (findPin(channel, message.ts)) throw new SlackError('already_pinned');
        const created = Math.floor(clock.now() / 1000);
        pins.insert({ channel_id: channel, message_ts: message.ts, created_by: userId, created });
        return {};
      },
    },
    'pins.remove': {
      scope: 'pins:write',
      answer(args) {
        const { channel, message } = target(args);
        const pin = findPin(channel, message.ts);
        if (!pin) throw new SlackError('no_pin');
        pins.delete(pin.id);
        return {};
      },
    },
    'pins.list': {
      scope: 'pins:read',
      answer(args) {
        const channel = String(findChannel(store, text(args, 'channel')).channel_id);
        const items = pins.findBy('channel_id', channel).map((pin) => ({
          type: 'message',
          channel,
          created: pin.created,
          created_by: pin.created_by,
          message: messageJson(findMessage(store, channel, String(pin.message_ts))),
        }));
        return { items };
      },
    },
  };
}
