import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answer } from '../../bot/blocks/answer.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { answerInTime } from '../../bot/slack/ack-deadline.ts';

const bot = { log: () => {} };

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('an answer within the 3 s that Slack waits', () => {
  it('is the reply when it comes in time', async () => {
    const answered = answerInTime(bot, async () => {
      await new Promise((resolve) => setTimeout(resolve, 2_400));
      return answer('Done.');
    });
    await vi.advanceTimersByTimeAsync(2_400);

    expect(plainText(await answered)).toBe('Done.');
  });

  it('says after 2.5 s that it is taking longer, whatever becomes of the work', async () => {
    const answered = answerInTime(bot, async () => {
      await new Promise((resolve) => setTimeout(resolve, 60_000));
      throw new Error('too late to be told');
    });
    await vi.advanceTimersByTimeAsync(2_500);

    expect(plainText(await answered)).toContain('This is taking longer than Slack waits');
    await vi.advanceTimersByTimeAsync(60_000);
  });
});
