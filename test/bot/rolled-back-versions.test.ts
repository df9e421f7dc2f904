import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { grace } from '../../bot/gallery/sample-parts.ts';
import { aDeployment, aRun } from '../fakes/samples.ts';
import { type BotHarness, createBotHarness } from './bot-harness.ts';
import { aVersion } from './fake-pipeline.ts';
import { sample } from './sample.ts';

let bot: BotHarness;

/** Grace rolled v7 back to v6 two minutes ago; v5 was live before. */
const rollback = aRun({
  id: 'spam-rollback',
  kind: 'rollback',
  model: 'spam',
  requestedBy: grace,
  reason: 'flags invoices',
  version: 6,
  outcome: 'rolled_back',
  endedAt: '2026-11-20T09:39:00.000Z',
  deployment: aDeployment({ from: 7, to: 6, verifiedAt: '2026-11-20T09:38:00.000Z' }),
});

beforeEach(async () => {
  bot = await createBotHarness();
  bot.pipeline.put(rollback);
  bot.pipeline.setProduction(6, rollback.id, null);
  bot.pipeline.setVersions([
    { ...aVersion(7), rolledBackBy: rollback.id },
    aVersion(6),
    aVersion(5),
  ]);
});

afterEach(() => bot.close());

const homeText = () => plainText({ text: '', ...bot.slack.homes.get('U0ADA') } as never);

describe('the second person in an alert', () => {
  it('learns who rolled back, when and why, when there is nowhere left to go', async () => {
    const told = await bot.command('U0ADA', 'rollback spam');

    expect(told).toContain('Grace rolled back from v7 to v6 2 minutes ago: flags invoices.');
    expect(told).toContain('There is no earlier version to go back to.');
    expect(told).toContain('/mlops promote spam 7 requests a new approval for v7.');
    expect(bot.slack.openedViews).toEqual([]);
  });

  it('learns it in the form when there is an older version', async () => {
    bot.pipeline.setProduction(6, rollback.id, 5);

    await bot.command('U0ADA', 'rollback spam');

    const form = plainText(bot.slack.openedViews.at(-1) as never);
    expect(form).toContain('Roll spam back from v6 to v5?');
    expect(form).toContain('Grace rolled back from v7 to v6 2 minutes ago: flags invoices.');
  });

  it('learns it from the button of the alert, which is out of date', async () => {
    const value = JSON.stringify(['spam', 7, 6]);

    const told = await bot.click('U0ADA', actionIds.rollBackModel, value);

    expect(told).toContain('spam v6 is in production now, not v7.');
    expect(told).toContain('Grace rolled back from v7 to v6 2 minutes ago');
  });

  it('learns who started the rollback that is in progress, to whichever version', async () => {
    bot.pipeline.setProduction(7, 'spam-before', 5);
    bot.pipeline.put({
      ...rollback,
      outcome: null,
      endedAt: null,
      deployment: null,
      stages: rollback.stages,
    });

    const told = await bot.command('U0ADA', 'rollback spam');

    expect(told).toContain('Rollback of spam was already started');
    expect(told).toContain('Started by Grace.');
  });

  it.each(['rollback spam 7', 'rollback spam v7'])(
    'is told by “%s” what a promotion is for',
    async (typed) => {
      const told = await bot.command('U0ADA', typed);

      expect(told).toContain('spam v7 was rolled back by Grace at 2026-11-20 09:38 UTC');
      expect(told).toContain('flags invoices');
      expect(told).toContain('/mlops promote spam 7 requests a new approval for it.');
      expect(bot.slack.openedViews).toEqual([]);
    },
  );
});

describe('the mark of a version', () => {
  it('is shown in lists, comparisons, the status, the Home tab and the choice of a promotion', async () => {
    await bot.event({ type: 'app_home_opened', user: 'U0ADA', tab: 'home', channel: 'D0ADA' });

    for (const text of [
      await bot.command('U0ADA', 'versions spam'),
      await bot.command('U0ADA', 'diff spam 7'),
      await bot.command('U0ADA', 'promote spam'),
      await bot.command('U0ADA', 'status spam'),
      homeText(),
    ]) {
      expect(text).toMatch(/rolled back by Grace.*flags invoices/);
    }
    expect(homeText()).not.toContain('Roll back to');
  });

  it('is on the card of the run that made the version, with a message in its thread', async () => {
    const run = sample('deployed');
    bot.pipeline.put(run);
    await bot.announcer.onEvent(run.id);
    bot.pipeline.record({
      type: 'DeploymentReplaced',
      runId: run.id,
      at: '2026-11-20T09:38:00.000Z',
      by: rollback.id,
      version: 6,
      rollback: { by: grace, reason: 'flags <!channel> invoices' },
    });

    await bot.announcer.onEvent(run.id);
    await bot.announcer.idle();

    const [root] = bot.slack.roots();
    const card = plainText(root as never);
    expect(card).toContain('↩️ spam v7 was rolled back to v6');
    expect(card).toContain('Grace rolled back to v6: flags <!channel> invoices');
    expect(card).not.toContain('[Roll back');
    const thread = bot.slack.threadOf(root?.ts ?? '').map((each) => plainText(each as never));
    expect(thread.at(-1)).toContain('Grace rolled spam v7 back to v6');
    expect(thread.at(-1)).toContain('/mlops promote spam 7 requests a new approval for it.');
  });

  it('is lifted by an operator or approver with a reason, which the audit keeps', async () => {
    const unmark = (user: string, more: string) => bot.command(user, `unmark spam v7${more}`);

    expect(await unmark('U0KIT', ' it was fine')).toContain('you are neither');
    expect(await unmark('U0GRACE', '')).toContain('Say why, in a few words.');
    const told = await unmark('U0GRACE', ' the invoices were mislabelled');
    const late = await unmark('U0ADA', ' me too');

    expect(told).toContain('spam v7 is no longer marked as rolled back.');
    expect(told).toContain('/mlops promote spam 7');
    expect(late).toContain('Grace lifted the mark: the invoices were mislabelled');
    expect(await bot.command('U0ADA', 'versions spam')).not.toContain('rolled back');
    expect(await bot.command('U0ADA', 'diff spam 7')).toContain('Grace lifted the mark');
    expect(bot.pipeline.audit.entries).toContainEqual(
      expect.objectContaining({
        action: 'unmark',
        what: 'spam v7 the invoices were mislabelled',
        outcome: { kind: 'ok' },
      }),
    );
  });
});
