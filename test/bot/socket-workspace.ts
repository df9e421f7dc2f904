import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWorkspace } from '@mlops-bot/slack-simulator';
import { createWorkspaceClient } from '@mlops-bot/slack-simulator/client';
import { manifest } from '../../bot/slack/manifest.ts';
import { channels, identity, people } from '../../bot/workspace-page/team.ts';
import { createFakeSocketMode } from './fake-socket-mode.ts';

const botToken = 'xoxb-socket';

/**
 * A workspace of the Slack simulator whose app is connected by Socket Mode: what the simulator sends
 * to a request URL arrives as an envelope, and the Web API of the simulator is what `SLACK_API_URL`
 * points to.
 */
export async function createSocketWorkspace() {
  const stateFolder = mkdtempSync(join(tmpdir(), 'socket-workspace-'));
  const socket = await createFakeSocketMode();
  const bridge = createServer((request, response) => void relay(request, response));
  bridge.listen(0, '127.0.0.1');
  await once(bridge, 'listening');
  const origin = `http://127.0.0.1:${(bridge.address() as AddressInfo).port}`;
  const workspace = await createWorkspace({
    port: 0,
    stateFolder,
    signingSecret: 'unused by Socket Mode',
    botToken,
    requestUrl: `${origin}/slack/events`,
    manifest,
    people,
    channels,
    identity,
  });

  async function relay(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request);
    const path = request.url ?? '';
    if (path === '/slack/events') {
      const { payload } = await socket.send(...envelopeOf(body));
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(payload === undefined ? '' : JSON.stringify(payload));
    } else if (path === '/api/apps.connections.open') {
      response.end(JSON.stringify({ ok: true, url: socket.nextUrl() }));
    } else if (path.startsWith('/slack/files-pri/')) {
      const authorization = request.headers.authorization ?? '';
      const file = await fetch(workspace.url + path, { headers: { authorization } });
      response.writeHead(file.status, { 'content-type': 'text/csv' });
      response.end(Buffer.from(await file.arrayBuffer()));
    } else {
      const answered = await fetch(workspace.slackApiUrl + path.replace('/api/', ''), {
        method: 'POST',
        body,
        headers: {
          'content-type': request.headers['content-type'] ?? '',
          authorization: request.headers.authorization ?? '',
        },
      });
      response.writeHead(answered.status, { 'content-type': 'application/json' });
      // Its files, too, are at the address that SLACK_API_URL names.
      response.end((await answered.text()).replaceAll(workspace.url, origin));
    }
  }

  return {
    apiUrl: `${origin}/api/`,
    botToken,
    socket,
    client: createWorkspaceClient({ url: workspace.url }),
    async close() {
      bridge.closeAllConnections();
      bridge.close();
      await socket.close();
      await workspace.close();
      rmSync(stateFolder, { recursive: true, force: true });
    },
  };
}

type Envelope = Parameters<Awaited<ReturnType<typeof createFakeSocketMode>>['send']>;

/** A request as Slack sends it over HTTP, as the envelope it is in Socket Mode. */
function envelopeOf(body: string): Envelope {
  if (body.startsWith('{')) return ['events_api', JSON.parse(body)];
  const fields = Object.fromEntries(new URLSearchParams(body));
  return fields.payload === undefined
    ? ['slash_commands', fields]
    : ['interactive', JSON.parse(fields.payload)];
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
