import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { currentRequest, refuseAfterHandingOver } from '../../bot/slack/current-request.ts';
import { withLateRequests } from '../../bot/slack/late-requests.ts';
import type { VerifiedRequest } from '../../bot/slack/verify-request.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const form = (body: string): VerifiedRequest => ({
  contentType: 'application/x-www-form-urlencoded',
  headers: { 'x-slack-request-timestamp': '1763632800' },
  body,
});
const command = form('command=%2Fmlops&text=retrain+spam');
const payload = (type: string) => form(`payload=${encodeURIComponent(JSON.stringify({ type }))}`);
const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds);
  });

/** Work that calls a service before and after a pause. */
function setUp({
  takes = 60_000,
  isReachable = true,
}: {
  takes?: number;
  isReachable?: boolean | 'never';
} = {}) {
  const calls: string[] = [];
  const handedOver: VerifiedRequest[] = [];
  const late = withLateRequests({
    async dispatch() {
      calls.push('before');
      await pause(takes);
      if (currentRequest()?.isLate === true) calls.push('late');
      refuseAfterHandingOver();
      calls.push('after');
      return { statusCode: 200, body: 'done' };
    },
    handOver: async (request) => {
      if (isReachable === false) throw new Error('Lambda is down.');
      if (isReachable === 'never') await pause(20_000);
      handedOver.push(request);
    },
    log: () => {},
  });
  return { late, calls, handedOver };
}

describe('a request where nothing runs after the answer', () => {
  it('is answered by its own work when that is done in time', async () => {
    const { late, calls, handedOver } = setUp({ takes: 1_900 });

    const answering = late.dispatch(command);
    await vi.advanceTimersByTimeAsync(1_900);

    expect((await answering).body).toBe('done');
    expect(calls).toEqual(['before', 'after']);
    expect(handedOver).toEqual([]);
  });

  it('is handed over after two seconds, and calls nothing any more when it goes on', async () => {
    const { late, calls, handedOver } = setUp();

    const answering = late.dispatch(command);
    await vi.advanceTimersByTimeAsync(2_000);
    const { statusCode, body } = await answering;
    await vi.advanceTimersByTimeAsync(60_000);

    expect(statusCode).toBe(200);
    expect(JSON.parse(body)).toMatchObject({
      response_type: 'ephemeral',
      text: expect.stringContaining('This takes longer than Slack waits.'),
    });
    expect(handedOver).toEqual([command]);
    expect(calls).toEqual(['before']);
  });

  it('is done again without a deadline in the other invocation', async () => {
    const { late, calls, handedOver } = setUp();

    const working = late.work(command);
    await vi.advanceTimersByTimeAsync(60_000);
    await working;

    expect(calls).toEqual(['before', 'late', 'after']);
    expect(handedOver).toEqual([]);
  });

  it.each([
    ['a click', payload('block_actions'), ''],
    ['an event', { ...command, contentType: 'application/json' as const, body: '{}' }, ''],
    ['a form', payload('view_submission'), '"response_action":"update"'],
  ])('is guarded for %s as well', async (_, request, answer) => {
    const { late, handedOver } = setUp();

    const answering = late.dispatch(request);
    await vi.advanceTimersByTimeAsync(2_000);

    expect((await answering).body).toContain(answer);
    expect(handedOver).toEqual([request]);
  });

  it.each([
    ['is refused', false],
    ['takes too long itself', 'never'],
  ] as const)('says what to do when handing over %s', async (_, isReachable) => {
    const { late } = setUp({ isReachable });

    const answering = late.dispatch(command);
    await vi.advanceTimersByTimeAsync(2_600);

    expect((await answering).body).toContain('Within a minute, the same words count once.');
  });
});
