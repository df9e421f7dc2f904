import { randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { requireLoopbackHost, serveOnLoopback } from '../../../pipeline/local/http-server.ts';
import { createCliAnswers } from '../../cli/answer-cli.ts';
import { memberAsking } from '../../cli/callers.ts';
import { loggedErrorReply } from '../../cli/error-reply.ts';
import type { CliAnswers } from '../../cli/protocol.ts';
import { readCliQuestion } from '../../cli/question.ts';
import type { Bot } from '../../interaction/bot.ts';
import { people as team } from '../../workspace-page/team.ts';

/** Answers `mlops` for the local app, where a terminal acts as a member of the workspace. */
export async function openCliServer(options: {
  readonly bot: Bot;
  readonly dataFolder: string;
  readonly log: (line: string) => void;
}): Promise<CliServer> {
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
  return createCliServer({ answers, dataFolder, log });
}

/** The file in the data folder that holds the server's address and token. */
const addressFile = 'cli.json';

const MOST_BODY_BYTES = 64 * 1024;

export interface CliServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the running app to `mlops` in a terminal: HTTP on the loopback interface, with a token that
 * only this user of the machine can read. Web pages cannot use it: they do not know the token, and a
 * request with an `Origin` or another `Host` is refused.
 */
async function createCliServer(options: {
  readonly answers: CliAnswers;
  readonly dataFolder: string;
  readonly log: (line: string) => void;
}): Promise<CliServer> {
  const { answers, dataFolder, log } = options;
  const token = randomBytes(32).toString('hex');

  const app = new Hono();
  app.use(requireLoopbackHost((context) => context.json(null, 403)));
  app.use(async (context, next) => {
    context.header('cache-control', 'no-store');
    if (context.req.header('origin') !== undefined) return context.json(null, 403);
    if (!isToken(context.req.header('authorization'), token)) return context.json(null, 401);
    return next();
  });
  app.post(
    '/ask',
    bodyLimit({ maxSize: MOST_BODY_BYTES, onError: (context) => context.json(null, 400) }),
    async (context) => {
      const question = readCliQuestion(toJson(await context.req.text()));
      if (question === null) return context.json(null, 400);
      return context.json(await answers(question, 'cli'));
    },
  );
  app.notFound((context) => context.json(null, 404));
  app.onError((error, context) => {
    log(`The command line could not be answered: ${String(error)}`);
    return context.json(null, 500);
  });
  const server = await serveOnLoopback(app);
  const file = join(dataFolder, addressFile);
  writePrivately(file, JSON.stringify({ url: server.url, token }));

  return {
    url: server.url,
    async close() {
      if (isOurs(file, token)) rmSync(file, { force: true });
      await server.close();
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

function isToken(given = '', token: string): boolean {
  const [sent, expected] = [Buffer.from(given), Buffer.from(`Bearer ${token}`)];
  return sent.length === expected.length && timingSafeEqual(sent, expected);
}

/** Null for anything that is no JSON. */
function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
