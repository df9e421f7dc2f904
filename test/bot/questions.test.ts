import { messageProblems } from '@mlops-bot/slack-simulator/limits';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { costPhrase } from '../../bot/blocks/money.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { costsMessage } from '../../bot/features/costs/costs-message.ts';
import { thread } from '../../bot/features/run/thread.ts';
import { aboutRunId } from '../../bot/features/status/about-run.ts';
import type { JobUsage, Run } from '../../pipeline/core/run.ts';
import { type BotHarness, createBotHarness } from './bot-harness.ts';
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

const hour: JobUsage = {
  jobName: 'spam-1-train-1',
  kind: 'train',
  instanceType: 'ml.g4dn.xlarge',
  spot: true,
  running: 3_600,
  billable: 1_200,
};

async function announced(run: Run): Promise<void> {
  bot.pipeline.put(run);
  bot.announcer.onEvent(run.id);
  await bot.announcer.idle();
}

describe('/mlops retry', () => {
  it.each([
    ['training failed', { kind: 'retrain', dataset: { version: '3f9a1c77b2e4' } }],
    ['deployed', { kind: 'retrain' }],
    ['data changed', { kind: 'retrain', acceptsData: true }],
    ['promoted', { kind: 'promote', version: 6 }],
  ])('repeats a run that is “%s”', async (state, expected) => {
    bot.pipeline.put({ ...sample(state), spot: state === 'deployed' ? false : null });

    const answer = await bot.command('U0ADA', 'retry a1b2c3d4');

    expect(answer).toContain('started');
    expect(bot.pipeline.started).toMatchObject([expected]);
    if (state === 'deployed') expect(bot.pipeline.started).toMatchObject([{ spot: false }]);
  });

  it.each([
    ['training', 'That run is still in progress'],
    ['data invalid', 'The same data would be rejected again.'],
    ['rolled back', 'A rollback cannot be retried.'],
  ])('refuses a run that is “%s”', async (state, expected) => {
    bot.pipeline.put(sample(state));

    expect(await bot.command('U0ADA', 'retry spam')).toContain(expected);
    expect(bot.pipeline.started).toEqual([]);
  });

  it('is for operators', async () => {
    bot.pipeline.put(sample('deployed'));

    expect(await bot.command('U0GRACE', 'retry spam')).toContain('Only operators');
  });
});

describe('/mlops approvals', () => {
  it('says who is asked, since when, until when and where', async () => {
    await announced(sample('waiting for approval'));

    const answer = await bot.command('U0GRACE', 'approvals');

    expect(answer).toContain('you can decide, on its card');
    expect(answer).toMatch(/Needs one approval from @U0GRACE until 2026-11-22 09:36 UTC/);
    expect(answer).toMatch(/Requested 2026-11-20 09:\d\d UTC, \d+ \w+ ago/);
    expect(answer).toMatch(/open the card \(https:\/\/acme\.slack\.com\/archives\/C0MLOPS\/p\d+\)/);
  });

  it('leaves the link out when Slack does not return it', async () => {
    await announced(sample('waiting for approval'));
    bot.slack.misbehave('chat.getPermalink', { kind: 'error', error: 'channel_not_found' });

    expect(await bot.command('U0KIT', 'approvals')).toContain('Run spam-20261120-a1b2c3d4');
  });
});

describe('/mlops logs', () => {
  it('hides secrets', async () => {
    bot.pipeline.put(sample('training'));
    bot.pipeline.setLogs(['export HF_TOKEN=hf_abcdefghijklmn', 'epoch 1']);

    const answer = await bot.command('U0KIT', 'logs spam');

    expect(answer).toContain('HF_TOKEN=••••');
    expect(answer).toContain('epoch 1');
  });
});

describe('/mlops costs', () => {
  it('adds up a month, by model', async () => {
    bot.pipeline.put({ ...sample('deployed'), usage: [hour] });

    expect(await bot.command('U0KIT', 'costs')).toContain('Costs for November 2026: about $0.25');
    expect(await bot.command('U0KIT', 'costs 2026-11')).toContain(
      'spam: 1 run · training about $0.25 · evaluation less than $0.01 · Spot saved about $0.49',
    );
    expect(await bot.command('U0KIT', 'costs last')).toContain('Costs for October 2026: $0.00');
    for (const month of ['October', 'oct', '2026-10', '10/2026', 'oct 2026']) {
      expect(await bot.command('U0KIT', `costs ${month}`)).toContain('Costs for October 2026');
    }
    expect(await bot.command('U0KIT', 'costs december')).toContain('Costs for December 2025');
    expect(await bot.command('U0KIT', 'costs 2026-13')).toContain('is not a month');
  });

  it('says that jobs on this machine cost nothing, and what they would on AWS', async () => {
    bot.pipeline.put({ ...sample('deployed'), usage: [{ ...hour, billable: null }] });

    const answer = await bot.command('U0KIT', 'costs');

    expect(answer).toContain('Costs for November 2026: $0.00');
    expect(answer).toContain('would cost about $0.26 on AWS');
    expect(answer).toContain('us-east-1 prices as of 2026-11-22');
  });

  it('keeps Slack’s limits with many models', () => {
    const models = Array.from({ length: 60 }, (_, index) => ({
      model: `${'m'.repeat(18)}${index}`,
      runs: 12_345,
      cost: null,
      serving: { invocations: 1e9, milliseconds: 12.34, memoryMB: 6_144, dollars: 1_234.5 },
    }));

    expect(messageProblems(costsMessage({ month: '2026-11', models, total: null }))).toEqual([]);
  });
});

describe('costPhrase', () => {
  it.each([
    [[hour], 'cost about $0.25, Spot saved about $0.49'],
    [[{ ...hour, billable: null }], 'cost $0.00 here, about $0.26 on AWS'],
    [[{ ...hour, billable: 5, running: 5 }], 'cost less than $0.01'],
    [[{ ...hour, instanceType: 'ml.unknown' }], ''],
    [[], ''],
  ])('says %#', (usage, expected) => {
    expect(costPhrase({ ...sample('deployed'), usage })).toBe(expected);
  });
});

describe('the shortcut “About this run”', () => {
  it('answers in the thread, on the card and on any message in its thread', async () => {
    await announced(sample('waiting for approval'));
    const ts = bot.slack.roots()[0]?.ts ?? '';
    const before = bot.slack.threadOf(ts).length;

    await bot.shortcut('U0KIT', aboutRunId, { ts });
    await bot.shortcut('U0KIT', aboutRunId, { ts: '9.9', thread_ts: ts });

    const [first, second] = bot.slack
      .threadOf(ts)
      .slice(before)
      .map((message) => plainText(message as never));
    expect(first).toMatch(/^Kit asked about this run\./i);
    expect(first).toContain('✋ spam v7 is waiting for approval');
    expect(first).not.toMatch(/\[Approve\]|@U0GRACE/);
    expect(second).toBe(first);
    expect(bot.slack.roots()).toHaveLength(1);
  });

  it('says privately on any other message that it does not belong to a run', async () => {
    await bot.shortcut('U0KIT', aboutRunId, { ts: '9.9' });

    expect(bot.slack.roots()).toEqual([]);
    expect(plainText((bot.slack.openedViews[0] ?? {}) as never)).toContain(
      'does not belong to a run',
    );
  });
});

describe('who is pinged', () => {
  const facts = { title: 'Spam filter', metric: 'macro_f1' } as const;
  const asking = (notify: readonly string[] | undefined): string => {
    const run = sample('waiting for approval');
    const approval = run.approval && { ...run.approval, ...(notify && { notify }) };
    const entry = thread({ ...run, approval }, facts).find(({ key }) => key === 'approval');
    return entry === undefined ? '' : plainText(entry);
  };

  it.each([
    [undefined, '@U0GRACE: spam v7 is waiting for approval. \nYou can approve'],
    [['S0LEADS'], '@S0LEADS: spam v7 is waiting for approval. \nOne of the approvers can approve'],
    [[], 'spam v7 is waiting for approval. \nOne of the approvers can approve'],
  ])('with notify %j', (notify, expected) => {
    expect(asking(notify).replace(/ ?\n/g, ' \n')).toContain(expected);
    if (notify !== undefined) expect(asking(notify)).not.toContain('@U0GRACE');
  });
});
