import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSlackEntry } from '../../bot/adapters/aws/create-slack-entry.ts';
import { createHandler } from '../../bot/slack/verify-request.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { unset } from '../fakes/unset.ts';
import { silentTelemetry } from './silent-telemetry.ts';

const secret = 'a'.repeat(32);
const clock = createFakeClock();
const now = Math.floor(clock.now().getTime() / 1000);
const form = 'application/x-www-form-urlencoded';

/** A request as the HTTP API hands it over, signed like Slack's unless said otherwise. */
function request(over: {
  readonly method?: string;
  readonly body?: string;
  readonly type?: string;
  readonly at?: number;
  readonly signature?: string;
  readonly base64?: boolean;
}) {
  const {
    method = 'POST',
    body = 'command=%2Fmlops',
    type = form,
    at = now,
    base64 = false,
  } = over;
  const bytes = Buffer.from(body);
  const hmac = createHmac('sha256', secret).update(`v0:${at}:`).update(bytes).digest('hex');
  return {
    rawPath: '/slack/events',
    headers: {
      'Content-Type': type,
      'X-Slack-Request-Timestamp': String(at),
      'X-Slack-Signature': over.signature ?? `v0=${hmac}`,
    },
    body: base64 ? bytes.toString('base64') : body,
    isBase64Encoded: base64,
    requestContext: { http: { method } },
  };
}

function setUp() {
  const dispatched: string[] = [];
  const worked: string[] = [];
  const entry = createSlackEntry({
    telemetry: silentTelemetry(),
    work: async ({ body }) => void worked.push(body),
    open: async () =>
      createHandler({
        signingSecret: secret,
        clock,
        dispatch: async ({ body }) => {
          dispatched.push(body);
          return { statusCode: 200, body: 'ok' };
        },
        log: () => undefined,
      }),
  });
  return { entry, dispatched, worked };
}

describe('the slack function', () => {
  it.each([
    ['a GET', { method: 'GET' }, 405],
    ['no signature', { signature: '' }, 401],
    ['a wrong signature', { signature: `v0=${'0'.repeat(64)}` }, 401],
    ['a timestamp of the past', { at: now - 3_600 }, 401],
    ['a timestamp of the future', { at: now + 3_600 }, 401],
    ['another charset', { type: `${form}; charset=utf-16` }, 415],
    ['another type', { type: 'text/xml' }, 415],
    ['garbage that calls itself JSON', { type: 'application/json', body: '{' }, 400],
    ['nothing', { body: '' }, 400],
  ])('answers %s with %j as %i and passes nothing on', async (_, over, status) => {
    const { entry, dispatched } = setUp();

    const { statusCode } = await entry(request(over));

    expect(statusCode).toBe(status);
    expect(dispatched).toEqual([]);
  });

  it('reads the Base64 in which the HTTP API hands forms over', async () => {
    const { entry, dispatched } = setUp();

    const { statusCode } = await entry(
      request({ base64: true, body: 'command=%2Fmlops&user_id=U0ADA&trigger_id=1&text=é' }),
    );

    expect(statusCode).toBe(200);
    expect(dispatched).toEqual(['command=%2Fmlops&user_id=U0ADA&trigger_id=1&text=é']);
  });

  it('does what was handed over, and nothing that the HTTP API could send', async () => {
    const { entry, dispatched, worked } = setUp();
    const late = { contentType: form, headers: {}, body: 'command=%2Fmlops' };

    await entry({ late });
    const { statusCode } = await entry({ late, ...request({ signature: 'v0=0' }) });

    expect(worked).toEqual(['command=%2Fmlops']);
    expect(statusCode).toBe(401);
    expect(dispatched).toEqual([]);
  });

  it('begins to open before the first request, and tries again after a failure', async () => {
    let openings = 0;
    const entry = createSlackEntry({
      telemetry: silentTelemetry(),
      work: () => unset('late work'),
      open: async () => {
        openings += 1;
        if (openings === 1) throw new Error('The parameters could not be read.');
        return async () => ({ statusCode: 200, headers: {}, body: '' });
      },
    });
    const begun = openings;

    const answers = [await entry(request({})), await entry(request({}))];

    expect(begun).toBe(1);
    expect(answers.map(({ statusCode }) => statusCode)).toContain(200);
  });
});
