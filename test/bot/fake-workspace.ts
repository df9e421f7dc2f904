import { blockProblems, messageProblems, viewProblems } from '@mlops-bot/slack-simulator/limits';
import type { Fields, PrivateAnswer, SlackMessage } from './fake-slack-types.ts';

/** Display names of the members. */
const people: Readonly<Record<string, string>> = {
  U0ADA: 'Ada',
  U0GRACE: 'Grace',
  U0KIT: 'Kit',
  U0LINUS: 'Linus',
};

/** Members of the user groups that the tests name. */
const groups: Readonly<Record<string, readonly string[]>> = { S0LEADS: ['U0GRACE'] };

export type FakeWorkspace = ReturnType<typeof createFakeWorkspace>;

/** The channel a message goes to; a person's id stands for the direct messages with them. */
function channelOf(named: string): string | null {
  if (['#ml-ops', 'C0MLOPS'].includes(named)) return 'C0MLOPS';
  const person = named.startsWith('D') ? `U${named.slice(1)}` : named;
  return people[person] === undefined ? null : `D${person.slice(1)}`;
}

/**
 * A Slack workspace of one channel, `#ml-ops`, and direct messages, as its Web API shows it.
 * Hand-written: it knows the methods this bot uses (and those in `more`) and answers `unknown_method`
 * to every other. It does not reproduce scopes, pagination or tiers of rate limits.
 */
export function createFakeWorkspace(
  more: Readonly<Record<string, (fields: Fields) => object>> = {},
) {
  const messages: SlackMessage[] = [];
  const privateAnswers: PrivateAnswer[] = [];
  const openedViews: Record<string, unknown>[] = [];
  const homes = new Map<string, Record<string, unknown>>();
  const problems: string[] = [];
  let counter = 0;

  const nextTs = () => `1790000000.${String(++counter).padStart(6, '0')}`;

  function post(fields: Fields): object {
    const channel = channelOf(fields.channel ?? '');
    if (channel === null) return refused('channel_not_found');
    const message: SlackMessage = {
      channel,
      ts: nextTs(),
      threadTs: fields.thread_ts ?? null,
      text: fields.text ?? '',
      blocks: parse(fields.blocks, []),
      metadata: parse(fields.metadata, null),
      isBroadcast: fields.reply_broadcast !== undefined,
      edits: 0,
    };
    problems.push(...messageProblems(message));
    messages.push(message);
    return { ok: true, channel: message.channel, ts: message.ts };
  }

  function update(fields: Fields): object {
    const message = messages.find(({ ts }) => ts === fields.ts);
    if (message === undefined) return refused('message_not_found');
    if (fields.channel !== message.channel) return refused('channel_not_found');
    message.text = fields.text ?? '';
    message.blocks = parse(fields.blocks, []);
    message.edits += 1;
    problems.push(...messageProblems(message));
    return { ok: true, channel: message.channel, ts: message.ts };
  }

  function history(fields: Fields): object {
    // A person's id is no conversation here, unlike in chat.postMessage.
    const isListed = /^[CD]/.test(fields.channel ?? '') && channelOf(fields.channel ?? '') !== null;
    if (!isListed) return refused('channel_not_found');
    const found = messages
      .filter(({ channel }) => channel === fields.channel)
      .filter((message) => (fields.ts ? inThread(message, fields.ts) : message.threadTs === null))
      .map(({ ts, metadata }) => ({
        ts,
        ...(fields.include_all_metadata === 'true' ? { metadata } : {}),
      }));
    return { ok: true, messages: found };
  }

  const methods: Record<string, (fields: Fields) => object> = {
    'chat.postMessage': post,
    'chat.update': update,
    'chat.postEphemeral': (fields) => {
      privateAnswers.push({
        user: fields.user ?? null,
        text: fields.text ?? '',
        blocks: parse(fields.blocks, []),
        replaces: false,
      });
      return { ok: true };
    },
    'conversations.history': history,
    'conversations.replies': history,
    'conversations.list': () => ({
      ok: true,
      channels: [{ id: 'C0MLOPS', name: 'ml-ops', is_member: true }],
    }),
    'usergroups.users.list': ({ usergroup = '' }) => ({ ok: true, users: groups[usergroup] ?? [] }),
    'users.info': ({ user = '' }) =>
      people[user] === undefined
        ? refused('user_not_found')
        : {
            ok: true,
            user: { id: user, name: people[user], profile: { display_name: people[user] } },
          },
    'views.open': ({ view }) => {
      const opened = parse<Record<string, unknown>>(view, {});
      problems.push(...viewProblems(opened));
      openedViews.push(opened);
      return { ok: true };
    },
    'views.update': ({ view }) => {
      const shown = parse<Record<string, unknown>>(view, {});
      problems.push(...viewProblems(shown));
      openedViews.push(shown);
      return { ok: true };
    },
    'chat.getPermalink': ({ channel = '', message_ts = '' }) => ({
      ok: true,
      permalink: `https://acme.slack.com/archives/${channel}/p${message_ts.replace('.', '')}`,
    }),
    'views.publish': ({ user_id = '', view }) => {
      const home = parse<Record<string, unknown>>(view, {});
      problems.push(...blockProblems(home.blocks as object[], 'view'));
      homes.set(user_id, home);
      return { ok: true };
    },
  };

  return {
    messages,
    privateAnswers,
    openedViews,
    homes,
    problems,
    /** What the method answers, after it did its work. */
    call: (method: string, fields: Fields): object =>
      (methods[method] ?? more[method])?.(fields) ?? refused('unknown_method'),
    /** Takes what was sent to a `response_url`. */
    respond(said: {
      text?: string;
      blocks?: PrivateAnswer['blocks'];
      replace_original?: boolean;
      response_type?: string;
    }): void {
      if (said.blocks) problems.push(...messageProblems(said as never));
      privateAnswers.push({
        user: null,
        text: said.text ?? '',
        blocks: said.blocks ?? [],
        replaces: said.replace_original === true,
      });
      if (said.response_type !== 'ephemeral') problems.push('an answer everybody would see');
    },
    roots: () => messages.filter(({ threadTs }) => threadTs === null),
    threadOf: (rootTs: string) => messages.filter(({ threadTs }) => threadTs === rootTs),
  };
}

function inThread(message: SlackMessage, rootTs: string): boolean {
  return message.ts === rootTs || message.threadTs === rootTs;
}

export function refused(error: string): object {
  return { ok: false, error };
}

function parse<T>(json: string | undefined, otherwise: T): T {
  return json === undefined ? otherwise : JSON.parse(json);
}
