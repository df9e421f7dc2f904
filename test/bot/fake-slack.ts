import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { blockProblems, messageProblems, viewProblems } from '@mlops-bot/slack-simulator/limits';
import type {
  FakeSlack,
  Fields,
  Misbehaviour,
  Mood,
  PrivateAnswer,
  SlackMessage,
} from './fake-slack-types.ts';

export type { FakeSlack, Misbehaviour } from './fake-slack-types.ts';

/**
 * A Slack Web API of one channel, `#ml-ops`, over real HTTP. Hand-written: it knows the methods
 * this bot uses (and those in `more`) and answers `unknown_method` to every other. It does not reproduce scopes,
 * pagination or tiers of rate limits.
 */
export async function createFakeSlack(
  more: Readonly<Record<string, (fields: Fields) => object>> = {},
): Promise<FakeSlack> {
  const messages: SlackMessage[] = [];
  const privateAnswers: PrivateAnswer[] = [];
  const openedViews: Record<string, unknown>[] = [];
  const homes = new Map<string, Record<string, unknown>>();
  const calls: { method: string; channel: string | undefined }[] = [];
  const problems: string[] = [];
  const planned = new Map<string, Misbehaviour[]>();
  const groups: Record<string, string[]> = { S0LEADS: ['U0GRACE'] };
  let counter = 0;
  let mood: Mood | null = null;
  let origin = '';

  const nextTs = () => `1790000000.${String(++counter).padStart(6, '0')}`;

  function post(fields: Fields): object {
    if (!['#ml-ops', 'C0MLOPS'].includes(fields.channel ?? '')) return refused('channel_not_found');
    const message: SlackMessage = {
      channel: 'C0MLOPS',
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
    if (fields.channel !== 'C0MLOPS') return refused('channel_not_found');
    const found = messages
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
    'conversations.list': () => ({ ok: true, channels: [{ id: 'C0MLOPS', name: 'ml-ops' }] }),
    'usergroups.users.list': ({ usergroup = '' }) => ({ ok: true, users: groups[usergroup] ?? [] }),
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

  function answerMethod(method: string, fields: Fields, response: ServerResponse): void {
    calls.push({ method, channel: fields.channel });
    const plan = mood?.({ method, fields }) ?? planned.get(method)?.shift();
    if (plan?.kind === 'rate_limited') {
      response.writeHead(429, { 'retry-after': String(plan.seconds) }).end();
    } else if (plan?.kind === 'down') {
      response.writeHead(500).end();
    } else if (plan?.kind === 'error') {
      send(response, refused(plan.error));
    } else {
      const result = (methods[method] ?? more[method])?.(fields) ?? refused('unknown_method');
      if (plan?.kind === 'answer_lost') response.destroy();
      else send(response, result);
    }
  }

  function answerResponseUrl(body: string, response: ServerResponse): void {
    const said = JSON.parse(body);
    if (said.blocks) problems.push(...messageProblems(said));
    privateAnswers.push({
      user: null,
      text: said.text ?? '',
      blocks: said.blocks ?? [],
      replaces: said.replace_original === true,
    });
    if (said.response_type !== 'ephemeral') problems.push('an answer everybody would see');
    response.end('ok');
  }

  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const body = await read(request);
    if (path.startsWith('/response/')) answerResponseUrl(body, response);
    else
      answerMethod(
        path.replace('/api/', ''),
        Object.fromEntries(new URLSearchParams(body)),
        response,
      );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    apiUrl: `${origin}/api/`,
    responseUrl: `${origin}/response/1`,
    messages,
    privateAnswers,
    openedViews,
    homes,
    calls,
    problems,
    setMood: (next) => {
      mood = next;
    },
    misbehave: (method, ...next) => {
      planned.set(method, [...(planned.get(method) ?? []), ...next]);
    },
    remove(ts) {
      const index = messages.findIndex((message) => message.ts === ts);
      if (index < 0) throw new Error(`There is no message ${ts} to remove.`);
      messages.splice(index, 1);
    },
    roots: () => messages.filter(({ threadTs }) => threadTs === null),
    threadOf: (rootTs) => messages.filter(({ threadTs }) => threadTs === rootTs),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function inThread(message: SlackMessage, rootTs: string): boolean {
  return message.ts === rootTs || message.threadTs === rootTs;
}

function refused(error: string): object {
  return { ok: false, error };
}

function send(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function parse<T>(json: string | undefined, otherwise: T): T {
  return json === undefined ? otherwise : JSON.parse(json);
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
