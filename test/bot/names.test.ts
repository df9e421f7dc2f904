import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BotHarness, createBotHarness } from './bot-harness.ts';

describe('the names of people', () => {
  let harness: BotHarness;
  beforeEach(async () => {
    harness = await createBotHarness();
  });
  afterEach(() => harness.slack.close());

  const asked = () => harness.slack.calls.filter(({ method }) => method === 'users.info').length;

  it('are not asked for before a question is answered', async () => {
    await harness.command('U0ADA', 'status');
    await harness.command('U0ADA', 'help');
    await harness.command('U0ADA', 'no such command');

    expect(asked()).toBe(0);
  });

  it('are asked for once by commands that change something, and known to questions since', async () => {
    await harness.command('U0ADA', 'mute spam 1h');
    await harness.command('U0ADA', 'unmute spam');
    await harness.command('U0ADA', 'status');

    expect(asked()).toBe(1);
    const entries = await harness.pipeline.audit.list({});
    expect(entries.map(({ action, by }) => [action, by.name])).toEqual([
      ['status', 'Ada'],
      ['unmute', 'Ada'],
      ['mute', 'Ada'],
    ]);
  });

  it('are not asked for again for a minute where Slack does not say', async () => {
    await harness.command('U0STRANGER', 'whoami');
    await harness.command('U0STRANGER', 'whoami');
    expect(asked()).toBe(1);
    harness.clock.advance(61);
    await harness.command('U0STRANGER', 'whoami');
    expect(asked()).toBe(2);
  });
});
