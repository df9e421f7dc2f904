import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainText } from '../../bot/blocks/plain-text.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { type BotHarness, createBotHarness } from './bot-harness.ts';
import { downFor, onePostASecond, refusing } from './failing-slack.ts';
import { sample } from './sample.ts';

let bot: BotHarness;

beforeEach(async () => {
  bot = await createBotHarness();
});

afterEach(async () => {
  const problems = [...bot.slack.problems];
  await bot.close();
  expect(problems).toEqual([]);
});

function happened(run: Run): void {
  bot.pipeline.put(run);
  bot.announcer.onEvent(run.id);
}

async function tell(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    happened(sample(name));
    await bot.announcer.idle();
  }
}

/** For the record of a test run: what was counted. */
const print = (line: string) => process.stdout.write(`${line}\n`);

const root = () => bot.slack.roots()[0];
const rootText = () => plainText(root() as never);
const thread = () => bot.slack.threadOf(root()?.ts ?? '');
const calls = (method: string) => bot.slack.calls.filter((call) => call.method === method).length;

/** A training at that step, as a record of its own revision. */
function atStep(step: number): Run {
  const run = sample('training');
  return {
    ...run,
    revision: run.revision + step,
    training: run.training && { ...run.training, step },
  };
}

describe('Slack down for an hour', () => {
  it('misses nothing and catches up with the latest state, not with fifty stale edits', async () => {
    await tell('training');
    const posted = bot.slack.messages.length;
    const edits = root()?.edits ?? 0;
    bot.slack.setMood(downFor(3_600, bot.clock));
    const updates = calls('chat.update');
    let step = 320;
    bot.onWait(() => {
      if (step < 370) happened(atStep(++step));
    });

    happened(atStep(++step));
    await bot.announcer.idle();
    const attempts = calls('chat.update') - updates;

    expect(rootText()).toContain('step 370 of 760');
    expect((root()?.edits ?? 0) - edits).toBe(1);
    expect(bot.slack.messages).toHaveLength(posted);
    // Doubling pauses up to a minute: an hour is some seventy attempts, not thousands.
    expect(attempts).toBeLessThan(100);
    print(`an hour without Slack, 50 changes: ${attempts} attempts, 1 edit once it is back`);
  });

  it('tells a run that began and ended meanwhile, once and whole', async () => {
    bot.slack.setMood(downFor(3_600, bot.clock));

    for (const name of ['started', 'training', 'judged', 'waiting for approval', 'deployed'])
      happened(sample(name));
    await bot.announcer.idle();

    expect(bot.slack.roots()).toHaveLength(1);
    expect(root()?.edits).toBe(0);
    expect(rootText()).toContain('✅ spam v7 is live');
    expect(thread()).toHaveLength(9);
  });

  it('is no reason to answer a command late', async () => {
    bot.slack.setMood(downFor(3_600, bot.clock));

    expect(await bot.command('U0ADA', 'whoami')).toContain('You are an operator');
  });
});

describe('one message a second and channel', () => {
  it('slows the thread down and changes neither its order nor its number', async () => {
    bot.slack.setMood(onePostASecond(bot.clock));
    const before = bot.clock.now().getTime();

    await tell('deployed');

    expect(thread().map(({ metadata }) => metadata?.event_payload.key)).toEqual([
      'dataset',
      'interruption:1',
      'trained',
      'evaluation',
      'verdict',
      'approval',
      'decision:1',
      'deployed',
      'watched',
    ]);
    expect(bot.clock.now().getTime() - before).toBeGreaterThanOrEqual(9_000);
  });
});

describe('what a person must mend', () => {
  const writing = ['chat.postMessage', 'chat.update'];

  it.each([
    ['not_in_channel', 'Invite the bot'],
    ['channel_not_found', 'Invite the bot'],
    ['is_archived', 'Unarchive the channel'],
    ['token_revoked', 'Reinstall the Slack app'],
    ['missing_scope', 'bot/slack/manifest.json'],
  ])('%s is logged once with advice, and made up for once it is mended', async (error, advice) => {
    await tell('training');
    const mendedAt = bot.clock.now().getTime() + 1_800_000;
    bot.slack.setMood(refusing(error, writing, () => bot.clock.now().getTime() >= mendedAt));

    await tell('interrupted', 'resumed', 'waiting for approval');

    expect(bot.logged.filter((line) => line.includes(error))).toHaveLength(1);
    expect(bot.logged.join('\n')).toContain(advice);
    expect(bot.slack.roots()).toHaveLength(1);
    expect(rootText()).toContain('spam v7 is waiting for approval');
    expect(thread()).toHaveLength(6);
  });
});

describe('user groups that Slack does not tell about', () => {
  it.each(['missing_scope', 'paid_teams_only'])(
    '%s is asked once a minute, logged once with advice, and gives nobody a right',
    async (error) => {
      bot.slack.setMood(refusing(error, ['usergroups.users.list'], () => false));

      const answers = [
        await bot.command('U0GRACE', 'rollback tumour'),
        await bot.command('U0GRACE', 'rollback tumour'),
        await bot.command('U0ADA', 'whoami'),
      ];

      expect(answers[0]).toContain('you are neither');
      expect(answers[1]).toBe(answers[0]);
      expect(answers[2]).toContain('You are an operator');
      expect(calls('usergroups.users.list')).toBe(1);
      expect(bot.logged.filter((line) => line.includes(error))).toHaveLength(1);
    },
  );
});

describe('a kind of block this Slack does not know', () => {
  it('is replaced by the same figures in older blocks', async () => {
    bot.slack.setMood(({ method, fields }) =>
      method === 'chat.postMessage' && fields.blocks?.includes('"table"')
        ? { kind: 'error', error: 'invalid_blocks' }
        : undefined,
    );

    await tell('judged');

    const evaluation = thread().find(({ text }) => text.startsWith('Evaluation'));
    expect(JSON.stringify(evaluation?.blocks)).not.toContain('"table"');
    expect(plainText(evaluation as never)).toMatch(/Macro-F1\s+0\.952\s+0\.938\s+\+1\.4/);
  });
});

describe('deliveries that come twice or late', () => {
  it('a mention delivered three times, minutes apart, starts one run', async () => {
    const mention = {
      type: 'app_mention',
      user: 'U0ADA',
      text: '<@U0MLOPS> retrain spam',
      channel: 'C0MLOPS',
      ts: '1.1',
      event_ts: '1.1',
    };

    for (const pause of [0, 60, 300]) {
      bot.clock.advance(pause);
      await bot.event(mention, 'Ev-once');
    }

    expect(await bot.pipeline.listRuns({ model: 'spam' })).toHaveLength(1);
  });

  it('an event about an older record leaves the card as it is', async () => {
    await tell('deployed');
    const edits = root()?.edits;

    await tell('training', 'started', 'waiting for approval');

    expect(root()?.edits).toBe(edits);
    expect(rootText()).toContain('✅ spam v7 is live');
  });
});
