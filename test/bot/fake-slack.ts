import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakeSlack, Fields, Misbehaviour, Mood } from './fake-slack-types.ts';
import { createFakeWorkspace, refused } from './fake-workspace.ts';

export type { FakeSlack, Misbehaviour } from './fake-slack-types.ts';

/** A {@link createFakeWorkspace fake workspace} over real HTTP, which fails when a test says so. */
export async function createFakeSlack(
  more: Readonly<Record<string, (fields: Fields) => object>> = {},
): Promise<FakeSlack> {
  const { call, respond, ...workspace } = createFakeWorkspace(more);
  const calls: { method: string; channel: string | undefined }[] = [];
  const planned = new Map<string, Misbehaviour[]>();
  const files = new Map<string, string>();
  let mood: Mood | null = null;

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
      const result = call(method, fields);
      if (plan?.kind === 'answer_lost') response.destroy();
      else send(response, result);
    }
  }

  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const body = await read(request);
    const file = files.get(path);
    if (file !== undefined) {
      const isSignedIn = request.headers.authorization === 'Bearer xoxb-test';
      const type = isSignedIn ? 'text/csv' : 'text/html';
      response.writeHead(200, { 'content-type': type }).end(isSignedIn ? file : 'Sign in');
    } else if (path.startsWith('/response/')) {
      respond(JSON.parse(body));
      response.end('ok');
    } else {
      const fields = Object.fromEntries(new URLSearchParams(body));
      answerMethod(path.replace('/api/', ''), fields, response);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    ...workspace,
    apiUrl: `${origin}/api/`,
    responseUrl: `${origin}/response/1`,
    calls,
    addFile(name, content) {
      files.set(`/files/${name}`, content);
      return `${origin}/files/${name}`;
    },
    setMood: (next) => {
      mood = next;
    },
    misbehave: (method, ...next) => {
      planned.set(method, [...(planned.get(method) ?? []), ...next]);
    },
    remove(ts) {
      const index = workspace.messages.findIndex((message) => message.ts === ts);
      if (index < 0) throw new Error(`There is no message ${ts} to remove.`);
      workspace.messages.splice(index, 1);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function send(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
