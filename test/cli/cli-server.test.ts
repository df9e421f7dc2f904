import { readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BotHarness, createBotHarness } from '../bot/bot-harness.ts';
import { openTerminalOn } from './terminal.ts';

let bot: BotHarness;

beforeEach(async () => {
  bot = await createBotHarness();
});

afterEach(() => bot.close());

describe('the server of the command line', () => {
  it('is reported as not running when it is closed, with how to start it', async () => {
    const terminal = await openTerminalOn(bot);
    await terminal.close();

    const { code, error } = await terminal.run('status');

    expect(code).toBe(1);
    expect(error).toContain('Start it with: npm start');
  });

  it.runIf(process.platform !== 'win32')('lets only this user read its token', async () => {
    const { dataFolder } = await openTerminalOn(bot);

    expect(statSync(join(dataFolder, 'cli.json')).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['no token', {}, 401],
    ['another token', { authorization: 'Bearer nope' }, 401],
    ['the origin of a web page', { authorization: 'ours', origin: 'https://evil.example' }, 403],
    ['another host name', { authorization: 'ours', host: 'evil.example' }, 403],
  ])('refuses a request with %s', async (_, headers, expected) => {
    const { dataFolder, server } = await openTerminalOn(bot);
    const { token } = JSON.parse(readFileSync(join(dataFolder, 'cli.json'), 'utf8'));
    const given: Record<string, string> = { ...headers };
    if (given.authorization === 'ours') given.authorization = `Bearer ${token}`;

    expect(await post(server.url, given, '{}')).toBe(expected);
  });

  it.each(['', 'nonsense', '{}', '{"words":[1]}', `{"words":["${'x'.repeat(70_000)}"]}`])(
    'answers 400 to malformed body %#',
    async (body) => {
      const { dataFolder, server } = await openTerminalOn(bot);
      const { token } = JSON.parse(readFileSync(join(dataFolder, 'cli.json'), 'utf8'));

      expect(await post(server.url, { authorization: `Bearer ${token}` }, body)).toBe(400);
    },
  );
});

/** Not fetch, which does not let a test set a wrong Host header. */
function post(url: string, headers: Record<string, string>, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/ask`, { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
