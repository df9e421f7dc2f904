import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createCliAnswers } from '../cli/answer-cli.ts';
import { memberAsking } from '../cli/callers.ts';
import { loggedErrorReply } from '../cli/error-reply.ts';
import type { CliAnswers } from '../cli/protocol.ts';
import { readCliQuestion } from '../cli/question.ts';
import type { Bot } from '../interaction/bot.ts';
import { people as team } from './team.ts';

/** The door of the local app: `mlops` acts as a member of the workspace, and the audit says so. */
export async function openCliServer(options: {
  readonly bot: Bot;
  readonly dataFolder: string;
  readonly log: (line: string) => void;
}): Promise<CliDoor> {
  const { bot, dataFolder, log } = options;
  const names = new Map(team.map(({ id, realName }) => [id, realName]));
  const namesOf = async () => names;
  const answers = createCliAnswers({
    tools: bot,
    callerOf: (request) => memberAsking(request, { ...bot, namesOf }),
    namesOf,
    log,
    onError: (error) => loggedErrorReply(error, log),
  });
  return createCliDoor({ answers, dataFolder, log });
}

/** Where the door tells its address and its token, in the data folder. */
export const doorFile = 'cli.json';

const MOST_BODY_BYTES = 64 * 1024;

export interface CliDoor {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Lets `mlops` in a terminal reach the running app: HTTP on the loopback interface, behind a token
 * that only this user of the machine can read. Web pages stay out: they cannot know the token, and
 * a request with an `Origin` or another `Host` is refused anyway.
 */
export async function createCliDoor(options: {
  readonly answers: CliAnswers;
  readonly dataFolder: string;
  readonly log: (line: string) => void;
}): Promise<CliDoor> {
  const { answers, dataFolder, log } = options;
  const token = randomBytes(32).toString('hex');

  async function answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    if (!isFromHere(request, url)) return { status: 403, body: null };
    if (!hasToken(request, token)) return { status: 401, body: null };
    if (request.method !== 'POST' || request.url !== '/ask') return { status: 404, body: null };
    const question = readCliQuestion(await readJson(request));
    if (question === null) return { status: 400, body: null };
    return { status: 200, body: await answers(question, 'cli') };
  }

  const server = createServer((request, response) => {
    answer(request)
      .catch((error: unknown) => {
        log(`The command line could not be answered: ${String(error)}`);
        return { status: 500, body: null };
      })
      .then(({ status, body }) => {
        response.writeHead(status, {
          'content-type': 'application/json; charset=utf-8',
          'cache-control': 'no-store',
        });
        response.end(JSON.stringify(body));
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const file = join(dataFolder, doorFile);
  writePrivately(file, JSON.stringify({ url, token }));

  return {
    url,
    async close() {
      if (isOurs(file, token)) rmSync(file, { force: true });
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Never readable by others, not even for a moment: the new file replaces the old one whole. */
function writePrivately(file: string, text: string): void {
  mkdirSync(join(file, '..'), { recursive: true });
  const fresh = `${file}.${randomBytes(4).toString('hex')}`;
  writeFileSync(fresh, text, { mode: 0o600, flag: 'wx' });
  renameSync(fresh, file);
}

function isOurs(file: string, token: string): boolean {
  try {
    return readFileSync(file, 'utf8').includes(token);
  } catch {
    return false;
  }
}

function isFromHere(request: IncomingMessage, url: string): boolean {
  return request.headers.host === new URL(url).host && request.headers.origin === undefined;
}

function hasToken(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const expected = Buffer.from(`Bearer ${token}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Null for anything that is no JSON, or too long. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return null;
  }
}
