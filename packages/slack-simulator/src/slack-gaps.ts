/**
 * What emulate 0.12.2 lacks or bends in Slack's Web API, put right in front of it:
 * user groups, `oldest`/`latest`/`inclusive`/`include_all_metadata` of conversations.history,
 * thread fields on root messages, Slack's limits on blocks, `unknown_method`.
 *
 * Not reproduced: rate limits, unfurling, search, pagination of replies, Slack Connect, message permissions
 * per channel, retention, and every method neither emulate nor this file has.
 */
import { blockProblem } from './block-limits.ts';
import type { SlackAnswer } from './slack-service.ts';
import type { WorkspaceUsergroup } from './types.ts';
import type { WorkspaceReader } from './workspace-reader.ts';

export interface SlackGaps {
  /** Answers a method by itself, or returns undefined to let emulate answer. */
  answer(method: string, args: Readonly<Record<string, unknown>>): SlackAnswer | undefined;
  /** Completes emulate's answer. */
  complete(
    method: string,
    args: Readonly<Record<string, unknown>>,
    answer: SlackAnswer,
  ): SlackAnswer;
}

type Fields = Readonly<Record<string, unknown>>;

export function createSlackGaps(options: {
  usergroups: readonly WorkspaceUsergroup[];
  reader: WorkspaceReader;
}): SlackGaps {
  const { usergroups, reader } = options;

  function answer(method: string, args: Fields): SlackAnswer | undefined {
    switch (method) {
      case 'usergroups.users.list': {
        const group = usergroups.find((each) => each.id === args.usergroup);
        return group ? { ok: true, users: group.users } : { ok: false, error: 'no_such_subteam' };
      }
      case 'usergroups.list':
        return { ok: true, usergroups: usergroups.map(usergroupJson) };
      case 'chat.postMessage':
      case 'chat.postEphemeral':
      case 'chat.update':
        return refuse('invalid_blocks', blockProblem(parsed(args.blocks), 'message'));
      case 'views.open':
      case 'views.push':
      case 'views.update':
      case 'views.publish': {
        const view = parsed(args.view) as Fields | undefined;
        return refuse('invalid_arguments', blockProblem(view?.blocks, 'view'));
      }
      default:
        return undefined;
    }
  }

  function complete(method: string, args: Fields, result: SlackAnswer): SlackAnswer {
    if (!result.ok || !Array.isArray(result.messages)) return result;
    const channel = String(args.channel);
    const withMetadata = args.include_all_metadata === true || args.include_all_metadata === 'true';
    const messages = (result.messages as Fields[])
      .filter((message) => method !== 'conversations.history' || isWithin(String(message.ts), args))
      .map(({ metadata, ...message }) => ({
        ...message,
        ...(metadata && withMetadata ? { metadata } : {}),
        ...threadFields(channel, String(message.ts), reader),
      }));
    return { ...result, messages };
  }

  return { answer, complete };
}

function threadFields(channel: string, ts: string, reader: WorkspaceReader): Fields {
  const root = reader.message(channel, ts);
  if (!root || root.reply_count === 0) return {};
  return {
    thread_ts: ts,
    reply_count: root.reply_count,
    reply_users: root.reply_users,
    reply_users_count: root.reply_users.length,
    latest_reply: root.latest_reply,
  };
}

function isWithin(ts: string, args: Fields): boolean {
  const inclusive = args.inclusive === true || args.inclusive === 'true';
  const oldest = Number(args.oldest ?? 0);
  const latest = Number(args.latest || Number.POSITIVE_INFINITY);
  const at = Number(ts);
  return inclusive ? at >= oldest && at <= latest : at > oldest && at < latest;
}

function refuse(error: string, problem: string | undefined): SlackAnswer | undefined {
  if (!problem) return undefined;
  return { ok: false, error, response_metadata: { messages: [`[ERROR] ${problem}`] } };
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || value === '') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function usergroupJson(group: WorkspaceUsergroup): object {
  const { id, handle, name, users } = group;
  return { id, handle, name, is_usergroup: true, users, user_count: users.length };
}
