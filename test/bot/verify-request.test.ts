import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHandler, type FunctionUrlEvent } from '../../bot/slack/verify-request.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createBotHarness, signed, signingSecret } from './bot-harness.ts';

const now = new Date('2026-11-22T09:00:00.000Z');
const form = 'application/x-www-form-urlencoded';
const command = 'command=%2Fmlops&user_id=U0ADA&trigger_id=1';

function createHandlerUnderTest() {
  const bodies: string[] = [];
  const handler = createHandler({
    signingSecret,
    clock: createFakeClock(now.toISOString()),
    dispatch: async ({ body }) => {
      bodies.push(body);
      return { statusCode: 200, body: 'done', headers: { 'Content-Type': 'text/plain' } };
    },
    log: () => {},
  });
  return { handler, bodies };
}

function at(seconds: number): Date {
  return new Date(now.getTime() + seconds * 1000);
}

describe('the handler', () => {
  it('passes a signed request on and its answer back', async () => {
    const { handler, bodies } = createHandlerUnderTest();

    const answer = await handler(signed(command, form, now));

    expect(answer).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'text/plain' },
      body: 'done',
    });
    expect(bodies).toEqual([command]);
  });

  it('decodes a base64 body as UTF-8', async () => {
    const { handler, bodies } = createHandlerUnderTest();
    const event = signed(
      `{"type":"url_verification","challenge":"Dữ liệu 🚀"}`,
      'application/json; charset=UTF-8',
      now,
    );

    const answer = await handler({
      ...event,
      body: Buffer.from(event.body ?? '').toString('base64'),
      isBase64Encoded: true,
    });

    expect(answer.statusCode).toBe(200);
    expect(bodies).toEqual([event.body]);
  });

  it.each<[string, number, FunctionUrlEvent]>([
    ['a GET', 405, { ...signed('', form, now), requestContext: { http: { method: 'GET' } } }],
    ['no headers', 401, { ...signed('a=1', form, now), headers: {} }],
    ['another body', 401, { ...signed('a=1', form, now), body: 'a=2' }],
    ['a request from 6 minutes ago', 401, signed('a=1', form, at(-360))],
    ['a request from 6 minutes ahead', 401, signed('a=1', form, at(360))],
    ['no body', 400, signed('', form, now)],
    ['broken JSON', 400, signed('{', 'application/json', now)],
    ['a JSON list', 400, signed('[]', 'application/json', now)],
    ['JSON of no known type', 400, signed('{"type":"x"}', 'application/json', now)],
    [
      'an event without an event',
      400,
      signed('{"type":"event_callback"}', 'application/json', now),
    ],
    ['a payload of no known type', 400, signed('payload=%7B%22type%22%3A%22x%22%7D', form, now)],
    ['a payload that is null', 400, signed('payload=null', form, now)],
    ['a command of nobody', 400, signed('command=%2Fmlops&trigger_id=1', form, now)],
    ['a broken payload', 400, signed('payload=%7B', form, now)],
    ['plain text', 415, signed('hello', 'text/plain', now)],
    ['another charset', 415, signed('a=1', `${form}; charset=iso-8859-1`, now)],
    ['a huge body', 413, signed('a'.repeat(1_000_001), form, now)],
  ])('refuses %s with %i', async (_name, status, event) => {
    const { handler, bodies } = createHandlerUnderTest();

    expect((await handler(event)).statusCode).toBe(status);
    expect(bodies).toEqual([]);
  });

  it('checks the signature before it parses', async () => {
    const { handler } = createHandlerUnderTest();
    const event = signed('{', 'application/json', now);

    const answer = await handler({
      ...event,
      headers: { ...event.headers, 'x-slack-signature': `v0=${'0'.repeat(64)}` },
    });

    expect(answer.statusCode).toBe(401);
  });

  it('answers whatever arrives, and never throws', async () => {
    const bot = await createBotHarness();
    const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.json());
    const header = fc.option(fc.oneof(text, fc.constantFrom('application/json', form)), {
      nil: undefined,
    });

    await fc.assert(
      fc.asyncProperty(
        fc.record({
          headers: fc.dictionary(fc.string(), header),
          body: fc.option(text, { nil: undefined }),
          isBase64Encoded: fc.boolean(),
          rawPath: text,
          requestContext: fc.constantFrom({ http: { method: 'POST' } }, {}, undefined),
        }),
        async (event) => {
          const answer = await bot.handler(event as FunctionUrlEvent);

          expect(answer.statusCode).toBeGreaterThanOrEqual(400);
          expect(answer.statusCode).toBeLessThan(500);
        },
      ),
      { numRuns: 200 },
    );
    await bot.close();
  });

  it('answers signed nonsense without an error of its own', async () => {
    const bot = await createBotHarness();
    const bodies = fc.oneof(
      fc.object(),
      fc.record({
        type: fc.constantFrom('block_actions', 'view_submission', 'event_callback', 'shortcut'),
        user: fc.anything(),
        actions: fc.anything(),
        view: fc.anything(),
      }),
    );

    await fc.assert(
      fc.asyncProperty(bodies, fc.boolean(), async (value, isForm) => {
        const json = JSON.stringify(value);
        const event = isForm
          ? signed(new URLSearchParams({ payload: json }).toString(), form, bot.clock.now())
          : signed(json, 'application/json', bot.clock.now());

        const { statusCode } = await bot.handler(event);

        expect([200, 400, 404]).toContain(statusCode);
      }),
      { numRuns: 100 },
    );
    await bot.close();
  });

  it('agrees with Slack’s documented example of a signature', async () => {
    // docs.slack.dev/authentication/verifying-requests-from-slack
    const secret = '8f742231b10e8888abcd99yyyzzz85a5';
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    const digest = createHmac('sha256', secret).update(`v0:1531420618:${body}`).digest('hex');
    const handler = createHandler({
      signingSecret: secret,
      clock: createFakeClock(new Date(1_531_420_618_000).toISOString()),
      dispatch: async () => ({ statusCode: 200, body: '' }),
      log: () => {},
    });

    const answer = await handler({
      headers: {
        'X-Slack-Signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
        'X-Slack-Request-Timestamp': '1531420618',
        'Content-Type': form,
      },
      body,
      isBase64Encoded: false,
      rawPath: '/',
      requestContext: { http: { method: 'POST' } },
    });

    expect(digest).toBe('a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503');
    expect(answer.statusCode).toBe(200);
  });
});
