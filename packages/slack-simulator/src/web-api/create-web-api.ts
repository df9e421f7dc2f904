import type { JournaledStore } from '../journaled-store.ts';
import {
  type Arguments,
  type Caller,
  type Method,
  type Methods,
  requireScope,
  type SlackAnswer,
  SlackError,
  type WebApiTools,
} from './call.ts';
import { chatMethods } from './chat.ts';
import { conversationMethods } from './conversations.ts';
import { fileMethods } from './files.ts';
import { messageMarkMethods } from './message-marks.ts';
import { userMethods } from './users.ts';
import { viewMethods } from './views.ts';

export interface WebApi {
  /** Calls a method as the owner of `token`; refusals are answers, as in Slack. */
  call(token: string | null, method: string, args: Arguments): SlackAnswer;
  /** Who a token belongs to; throws a SlackError for an unknown one. */
  authenticate(token: string | null): Caller;
  readonly methods: readonly string[];
}

/**
 * Slack's Web API over the store: the methods of these files, `unknown_method` for every other.
 * Not reproduced: rate limits, Slack Connect, retention, per-channel permissions.
 */
export function createWebApi(
  options: WebApiTools & { callers: ReadonlyMap<string, Caller>; store: JournaledStore },
): WebApi {
  const { callers } = options;
  const methods: Methods = {
    ...chatMethods(options),
    ...conversationMethods(options),
    ...fileMethods(options),
    ...messageMarkMethods(options),
    ...userMethods(options),
    ...viewMethods(options),
  };

  function authenticate(token: string | null): Caller {
    if (token === null) throw new SlackError('not_authed');
    const caller = callers.get(token);
    if (!caller) throw new SlackError('invalid_auth');
    return caller;
  }

  function find(name: string): Method {
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
    if (!method) throw new SlackError('unknown_method', { req_method: name });
    return method;
  }

  return {
    authenticate,
    methods: Object.keys(methods),
    call(token, name, args) {
      try {
        const method = find(name);
        const caller = authenticate(token);
        if (method.scope) requireScope(caller, method.scope);
        return { ok: true, ...method.answer(args, caller) };
      } catch (error) {
        if (error instanceof SlackError) return { ok: false, error: error.code, ...error.details };
        throw error;
      }
    },
  };
}
