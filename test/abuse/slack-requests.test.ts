import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import type { FunctionUrlEvent } from '../../bot/slack/verify-request.ts';
import { type BotHarness, createBotHarness, signed, signingSecret } from '../bot/bot-harness.ts';
import { attack } from './attack.ts';

const form = 'application/x-www-form-urlencoded';
const command = (fields: Readonly<Record<string, string>>) =>
  new URLSearchParams({
    command: '/mlops',
    user_id: 'U0KIT',
    user_name: 'kit',
    team_id: 'T0',
    channel_id: 'C0MLOPS',
    trigger_id: '1.2.3',
    response_url: 'http://127.0.0.1:1/',
    text: 'help',
    ...fields,
  }).toString();
const statusBody = command({ user_id: 'U0ADA', text: 'status' });

let bot: BotHarness;
beforeAll(async () => {
  bot = await createBotHarness();
});
afterAll(() => bot.close());

const at = (seconds: number) => new Date(bot.clock.now().getTime() + seconds * 1000);

/** The same request with some of its headers replaced; undefined removes one. */
function withHeaders(
  event: FunctionUrlEvent,
  headers: Readonly<Record<string, string | undefined>>,
): FunctionUrlEvent {
  return { ...event, headers: { ...event.headers, ...headers } };
}

function signedWith(secret: string, version: string, body: string): FunctionUrlEvent {
  const event = signed(body, form, bot.clock.now());
  const timestamp = event.headers['x-slack-request-timestamp'];
  const digest = createHmac('sha256', secret)
    .update(`${version}:${timestamp}:${body}`)
    .digest('hex');
  return withHeaders(event, { 'x-slack-signature': `${version}=${digest}` });
}

describe('requests to the bot', () => {
  attack('Slack requests, unsigned or malformed', 'are refused with 4xx', async (survives) => {
    const good = signed(statusBody, form, bot.clock.now());
    const signature = good.headers['x-slack-signature'] ?? '';
    const events: Readonly<Record<string, FunctionUrlEvent>> = {
      'no headers': { ...good, headers: {} },
      'no signature': withHeaders(good, { 'x-slack-signature': undefined }),
      'an empty signature': withHeaders(good, { 'x-slack-signature': '' }),
      'no timestamp': withHeaders(good, { 'x-slack-request-timestamp': undefined }),
      'an empty timestamp': withHeaders(good, { 'x-slack-request-timestamp': '' }),
      'a timestamp in words': withHeaders(good, { 'x-slack-request-timestamp': 'now' }),
      'a negative timestamp': withHeaders(good, { 'x-slack-request-timestamp': '-1' }),
      'a timestamp of 1e9': withHeaders(good, { 'x-slack-request-timestamp': '1e9' }),
      'a hexadecimal timestamp': withHeaders(good, { 'x-slack-request-timestamp': '0x5f5e100' }),
      'an infinite timestamp': withHeaders(good, { 'x-slack-request-timestamp': 'Infinity' }),
      'a long timestamp': withHeaders(good, { 'x-slack-request-timestamp': '9'.repeat(500) }),
      'a timestamp with a line break': withHeaders(good, { 'x-slack-request-timestamp': '1\n2' }),
      'a cut signature': withHeaders(good, { 'x-slack-signature': signature.slice(0, -1) }),
      'a longer signature': withHeaders(good, { 'x-slack-signature': `${signature}0` }),
      'a signature in capitals': withHeaders(good, {
        'x-slack-signature': signature.toUpperCase(),
      }),
      'a signature of zeros': withHeaders(good, { 'x-slack-signature': `v0=${'0'.repeat(64)}` }),
      'a signature without version': withHeaders(good, { 'x-slack-signature': signature.slice(3) }),
      'a signature of version 1': signedWith(signingSecret, 'v1', statusBody),
      'a signature by an empty secret': signedWith('', 'v0', statusBody),
      'a signature by another secret': signedWith('another', 'v0', statusBody),
      'the signature of another body': { ...good, body: `${statusBody}&x=1` },
      'the signature without the body': { ...good, body: '' },
      'the signature without any body': { ...good, body: undefined },
      'base64 that was not said': { ...good, body: Buffer.from(statusBody).toString('base64') },
      'base64 that is none': { ...good, isBase64Encoded: true },
      'two signatures': withHeaders(good, { 'x-slack-signature': `${signature},${signature}` }),
      GET: { ...good, requestContext: { http: { method: 'GET' } } },
      PUT: { ...good, requestContext: { http: { method: 'PUT' } } },
      'an empty method': { ...good, requestContext: { http: { method: '' } } },
      '1 MB': signed('a'.repeat(1_000_001), form, bot.clock.now()),
      'plain text': signed('hello', 'text/plain', bot.clock.now()),
      XML: signed('<a/>', 'text/xml', bot.clock.now()),
      multipart: signed('x', 'multipart/form-data; boundary=x', bot.clock.now()),
      'another charset': signed(statusBody, `${form}; charset=utf-7`, bot.clock.now()),
      'no content type': withHeaders(good, { 'content-type': undefined }),
      'broken JSON': signed('{', 'application/json', bot.clock.now()),
      'a JSON list': signed('[]', 'application/json', bot.clock.now()),
      'JSON as a form': signed('{"type":"url_verification"}', form, bot.clock.now()),
      'a form as JSON': signed(statusBody, 'application/json', bot.clock.now()),
      'a payload that is null': signed('payload=null', form, bot.clock.now()),
      'a payload of 100,000 brackets': signed(
        `payload=${'['.repeat(100_000)}`,
        form,
        bot.clock.now(),
      ),
      'a payload twice': signed('payload={}&payload={}', form, bot.clock.now()),
      'a broken escape': signed('payload=%', form, bot.clock.now()),
    };
    for (const [what, event] of Object.entries(events)) {
      await survives(what, async () => {
        const { statusCode } = await bot.handler(event);
        expect(statusCode).toBeGreaterThanOrEqual(400);
        expect(statusCode).toBeLessThan(500);
      });
    }
    await survives('none of them reached Slack or the log', () => {
      expect(bot.logged).toEqual([]);
    });
  });

  attack(
    'signed: timestamps, forged payloads, views, commands',
    'have no effect without the right',
    async (survives) => {
      const runsBefore = await bot.pipeline.listRuns({});
      for (const seconds of [-86_400, -3600, -301, 301, 3600, 86_400]) {
        await survives(`sent ${seconds} s from now`, async () => {
          expect((await bot.handler(signed(statusBody, form, at(seconds)))).statusCode).toBe(401);
        });
      }
      // Kit has no rights. What is not refused shows in the log or in the runs.
      const texts = [
        'retrain spam',
        'retrain spam epochs=1',
        'promote spam 1',
        'rollback spam',
        'stop spam-1',
        'approve spam',
        'approve spam --yes',
        'reject spam',
        'retry spam-1',
        'interrupt spam',
        'approve ../../x',
        'approve spam\u0000',
        `approve ${'x'.repeat(5000)}`,
        'approve <@U0GRACE>',
        'approve --as U0GRACE spam',
        'retrain spam; rm -rf /',
        'retrain $(id)',
        'retrain `id`',
        'retrain {"model":"spam"}',
        'retrain spam __proto__=1',
        'promote spam 1e9',
        'promote spam -1',
        'promote spam NaN',
        'rollback __proto__',
        'mute spam 99999d',
        'ack spam',
        'constructor',
        'toString',
      ];
      for (const text of texts) {
        await survives(`/mlops ${text.slice(0, 40)} by Kit`, async () => {
          const before = bot.logged.length;
          const { statusCode } = await bot.handler(
            signed(command({ text }), form, bot.clock.now()),
          );
          expect(statusCode).toBeLessThan(500);
          expect(bot.logged.slice(before)).toEqual([]);
        });
      }
      const user = { id: 'U0KIT', username: 'kit', name: 'kit', team_id: 'T0' };
      const common = {
        user,
        team: { id: 'T0', domain: 'acme' },
        trigger_id: '1',
        enterprise: null,
        is_enterprise_install: false,
      };
      const message = { ts: '1.0', text: 'card' };
      for (const action_id of Object.values(actionIds)) {
        for (const value of ['spam-1', '', '{}', '../../x', '__proto__']) {
          await survives(
            `a click on ${action_id} with ${JSON.stringify(value)} by Kit`,
            async () => {
              const payload = {
                ...common,
                type: 'block_actions',
                response_url: bot.slack.responseUrl,
                channel: { id: 'C0MLOPS', name: 'ml-ops' },
                message,
                container: { type: 'message', message_ts: '1.0', channel_id: 'C0MLOPS' },
                state: { values: {} },
                actions: [{ type: 'button', action_id, block_id: 'run', value }],
              };
              const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
              const { statusCode } = await bot.handler(signed(body, form, bot.clock.now()));
              expect(statusCode).toBeLessThan(500);
            },
          );
        }
      }
      await survives('nothing of it started or decided a run', async () => {
        expect(await bot.pipeline.listRuns({})).toEqual(runsBefore);
      });
    },
  );
});
