import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { AnnouncedElsewhere } from '../../bot/announcer/ledger.ts';
import { retryDelay } from '../../bot/announcer/retry-delay.ts';

const limits = { first: 5, longest: 900, random: 1 };

describe('retryDelay', () => {
  it('waits as long as Slack says when it limits us, for every announcement', () => {
    const delay = retryDelay(new WebAPIRateLimitedError(30), { ...limits, failures: 4 });

    expect(delay).toEqual({ kind: 'rate_limited', seconds: 30 });
  });

  it('waits for the other process when that one announces the same', () => {
    const delay = retryDelay(new AnnouncedElsewhere(4_000), { ...limits, failures: 4 });

    expect(delay).toEqual({ kind: 'elsewhere', seconds: 4 });
  });

  it.each([
    [1, 5],
    [2, 10],
    [8, 640],
    [9, 900],
    [5_000, 900],
  ])('doubles the pause up to the longest: failure %i waits %i s', (failures, seconds) => {
    const delay = retryDelay(new Error('The table is busy.'), { ...limits, failures });

    expect(delay).toEqual({ kind: 'failed', seconds });
  });

  it('retries soon what a person may put right at any time', () => {
    const refused = new WebAPIPlatformError({ ok: false, error: 'not_in_channel' });

    const delay = retryDelay(refused, { ...limits, failures: 1 });

    expect(delay).toEqual({ kind: 'failed', seconds: 5 });
  });

  it('takes up to half of the pause away at random', () => {
    const delay = retryDelay(new Error('no'), { ...limits, failures: 1, random: 0 });

    expect(delay.seconds).toBe(2.5);
  });
});
