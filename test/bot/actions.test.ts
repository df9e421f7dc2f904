import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { decisionValue } from '../../bot/features/approval/decision-buttons.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { type BotHarness, createBotHarness } from './bot-harness.ts';
import { sample } from './sample.ts';

let bot: BotHarness;

beforeEach(async () => {
  bot = await createBotHarness();
  bot.pipeline.onChange((runId) => bot.announcer.onEvent(runId));
});

afterEach(async () => {
  const problems = [...bot.slack.problems];
  await bot.close();
  expect(problems).toEqual([]);
});

async function announced(name: string): Promise<Run> {
  const run = sample(name);
  bot.pipeline.put(run);
  bot.announcer.onEvent(run.id);
  await bot.announcer.idle();
  return run;
}

async function cardText(): Promise<string> {
  await bot.announcer.idle();
  const [root] = bot.slack.roots();
  return root === undefined ? '' : plainText(root as never);
}

describe('approve', () => {
  it('counts once, however often it is clicked', async () => {
    const run = await announced('waiting for approval');

    const answers = await Promise.all([
      bot.click('U0GRACE', actionIds.approve, decisionValue(run)),
      bot.click('U0GRACE', actionIds.approve, decisionValue(run)),
    ]);
    const replay = await bot.click('U0GRACE', actionIds.approve, decisionValue(run));

    const decided = await bot.pipeline.getRun(run.id);
    expect(decided?.approval?.decisions).toHaveLength(1);
    expect(answers.filter((answer) => answer === null)).toHaveLength(1);
    expect(replay).toContain('Already decided');
    expect(replay).toContain('Approved by Grace');
    expect(await cardText()).toContain('Approved by Grace');
  });

  it('tells a person without the right why, and leaves the card unchanged', async () => {
    const run = await announced('waiting for approval');
    const before = await cardText();

    const answer = await bot.click('U0KIT', actionIds.approve, decisionValue(run));

    expect(answer).toContain('You are not an approver of this model. Nothing was changed.');
    expect(await cardText()).toBe(before);
  });

  it('does not count for another digest', async () => {
    const run = await announced('waiting for approval');

    const answer = await bot.click(
      'U0GRACE',
      actionIds.approve,
      JSON.stringify([run.id, 'another digest']),
    );

    expect(answer).toContain('has changed, so your decision was not counted');
    expect((await bot.pipeline.getRun(run.id))?.approval?.decisions).toEqual([]);
  });

  it('redraws a stale card and says when the request ended', async () => {
    const run = await announced('waiting for approval');
    bot.pipeline.put(sample('expired'));

    const answer = await bot.click('U0GRACE', actionIds.approve, decisionValue(run));

    expect(answer).toContain('Too late: the request has expired.');
    expect(answer).toContain('/mlops promote spam 7');
    expect(await cardText()).toContain('was not approved in time');
    expect(await cardText()).not.toContain('[Approve]');
  });

  it('redraws a card that Slack shows wrongly after a correct edit', async () => {
    const run = await announced('deploying');
    const [root] = bot.slack.roots();
    if (root === undefined) throw new Error('There is no card.');
    root.text = 'an older edit that came in late';

    await bot.click('U0GRACE', actionIds.approve, decisionValue(run));
    await bot.announcer.idle();

    expect(root.text).toContain('spam v7 is being deployed');
  });

  it.each(['', 'nonsense', '[]', '{"a":1}'])('survives the button value %j', async (value) => {
    expect(await bot.click('U0GRACE', actionIds.approve, value)).toContain('older version');
  });
});

describe('reject', () => {
  it('asks for the reason and shows it on the card', async () => {
    const run = await announced('waiting for approval');
    await bot.click('U0GRACE', actionIds.reject, decisionValue(run));
    const [view] = bot.slack.openedViews;

    const empty = await bot.submitReason('U0GRACE', view ?? {}, '   ');
    const given = await bot.submitReason('U0GRACE', view ?? {}, 'Misses <!channel> *phishing*');

    expect(JSON.parse(empty.body)).toMatchObject({ response_action: 'errors' });
    expect(given).toMatchObject({ statusCode: 200, body: '' });
    expect(await cardText()).toContain('Rejected by Grace');
    expect(await cardText()).toContain('Misses <!channel> *phishing*');
  });

  it('opens nothing for a person without the right', async () => {
    const run = await announced('waiting for approval');

    const answer = await bot.click('U0KIT', actionIds.reject, decisionValue(run));

    expect(answer).toContain('You are not an approver');
    expect(bot.slack.openedViews).toEqual([]);
  });

  it('says in the modal that someone else decided first', async () => {
    const run = await announced('waiting for approval');
    await bot.click('U0GRACE', actionIds.reject, decisionValue(run));
    const [view] = bot.slack.openedViews;
    bot.pipeline.put(sample('deploying'));

    const late = JSON.parse((await bot.submitReason('U0GRACE', view ?? {}, 'no')).body);

    expect(late).toMatchObject({ response_action: 'update' });
    expect(plainText(late.view)).toContain('Already decided');
  });
});

describe('stop', () => {
  it('stops for operators only', async () => {
    const run = await announced('training');

    const refused = await bot.click('U0KIT', actionIds.stop, run.id);
    const stopped = await bot.click('U0ADA', actionIds.stop, run.id);

    expect(refused).toContain('Only operators can stop a run');
    expect(stopped).toBeNull();
    expect(await cardText()).toContain('spam: stopping');
  });
});

describe('switch to on-demand', () => {
  const waiting = async () => {
    const run = sample('training starts');
    const waitsSince = '2026-11-20T09:00:00.000Z';
    const training = run.training && { ...run.training, waitsSince };
    bot.pipeline.put({ ...run, training });
    bot.announcer.onEvent(run.id);
    await bot.announcer.idle();
    return run;
  };

  it('is offered only after a long wait', async () => {
    await announced('training starts');
    expect(await cardText()).not.toContain('[Switch to on-demand]');

    await waiting();
    await bot.announcer.idle();
    const shown = await bot.command('U0KIT', 'status spam-20261120-a1b2c3d4');
    expect(shown).toContain('No Spot ml.g4dn.xlarge yet; waiting since 2026-11-20 09:00 UTC');
  });

  it('is for operators, and shows on the card who asked', async () => {
    const run = await waiting();
    expect(await cardText()).toContain('[Switch to on-demand] [Stop]');

    const refused = await bot.click('U0KIT', actionIds.onDemand, run.id);
    const asked = await bot.click('U0ADA', actionIds.onDemand, run.id);

    expect(refused).toContain('Only operators can switch a run');
    expect(asked).toBeNull();
    expect(await cardText()).toContain('Ada chose not to wait for Spot: switching to an on-demand');
    expect(await cardText()).not.toContain('[Switch to on-demand]');
  });

  it('is refused once training is running', async () => {
    const run = await announced('training');

    expect(await bot.click('U0ADA', actionIds.onDemand, run.id)).toContain(
      'That is no longer possible',
    );
  });
});

describe('run again', () => {
  it.each([
    ['training failed', { kind: 'retrain' }],
    ['data changed', { kind: 'retrain', acceptsData: true }],
    ['expired', { kind: 'promote', version: 7 }],
    ['deployment failed', { kind: 'promote', version: 7 }],
  ])('after “%s” repeats what can succeed, once', async (name, expected) => {
    const run = await announced(name);

    await bot.click('U0ADA', actionIds.runAgain, run.id);
    await bot.click('U0ADA', actionIds.runAgain, run.id);

    expect(bot.pipeline.started).toMatchObject([expected]);
  });

  it('says so when there is nothing to repeat', async () => {
    const run = await announced('data invalid');

    expect(await bot.click('U0ADA', actionIds.runAgain, run.id)).toContain(
      'That is no longer possible',
    );
    expect(bot.pipeline.started).toEqual([]);
  });
});

describe('a click that fails', () => {
  it('tells the person and keeps the details in the log', async () => {
    const run = await announced('training');
    bot.pipeline.failNext(new Error('secret detail'));

    const answer = await bot.click('U0ADA', actionIds.stop, run.id);

    expect(answer).toContain('Something unexpected went wrong');
    expect(answer).not.toContain('secret detail');
    expect(bot.logged.join('\n')).toContain('secret detail');
  });
});
