import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { type BotHarness, createBotHarness } from './bot-harness.ts';
import { aVersion } from './fake-pipeline.ts';
import { sample } from './sample.ts';

let bot: BotHarness;

beforeEach(async () => {
  bot = await createBotHarness();
  bot.pipeline.onChange((runId) => bot.announcer.onEvent(runId));
  bot.pipeline.setProduction(7, 'spam-live', 6);
  bot.pipeline.setVersions([aVersion(7), aVersion(6), aVersion(5)]);
});

afterEach(async () => {
  const problems = [...bot.slack.problems];
  await bot.close();
  expect(problems).toEqual([]);
});

type Form = Record<string, unknown>;

/** The newest form somebody was shown. */
const form = (): Form => bot.slack.openedViews.at(-1) ?? {};
const text = (view: unknown): string => plainText(view as never);

async function openForm(user = 'U0GRACE', typed = 'rollback spam'): Promise<Form> {
  expect(await bot.command(user, typed)).toBe('');
  return form();
}

async function submitted(user: string, view: Form, reason: string | null = null): Promise<string> {
  const { view: told } = await bot.submitForm(user, view, { reason });
  await bot.announcer.idle();
  return text(told ?? { blocks: [] });
}

/** A run of spam that was live from then on. */
function liveRun(version: number, verifiedAt: string): Run {
  const run = sample('deployed');
  const deployment = run.deployment && { ...run.deployment, to: version, verifiedAt };
  return { ...run, id: `spam-live-${version}`, createdAt: verifiedAt, version, deployment };
}

/** As they stand in the last private answer. */
function lastButton(): { action_id: string; value: string } {
  const blocks = (bot.slack.privateAnswers.at(-1)?.blocks ?? []) as {
    elements?: { action_id: string; value: string }[];
  }[];
  const found = blocks.flatMap(({ elements = [] }) => elements).find(({ action_id }) => action_id);
  if (found === undefined) throw new Error('The last private answer has no button.');
  return found;
}

describe('the form of a rollback', () => {
  it('says from where to where, what happens, and how the two compare', async () => {
    bot.pipeline.setVersions([
      { ...aVersion(7), metrics: { macro_f1: 0.951 } },
      { ...aVersion(6), metrics: { macro_f1: 0.938 }, createdAt: '2026-10-02T08:00:00.000Z' },
    ]);
    bot.pipeline.put(liveRun(6, '2026-10-03T08:00:00.000Z'));
    bot.pipeline.put(liveRun(7, '2026-11-19T09:00:00.000Z'));

    const told = text(await openForm());

    expect(told).toContain('Roll spam back from v7 to v6?');
    expect(told).toContain('v6 replaces v7 in production.');
    expect(told).toContain('Macro-F1 0.938, −1.3 points against v7 (0.951) on the same held-out');
    expect(told).toContain('v7 live since 2026-11-19 09:00 UTC, registered 2026-11-01 09:00 UTC');
    expect(told).toContain(
      'v6 live from 2026-10-03 08:00 UTC until 2026-11-19 09:00 UTC, registered 2026-10-02 08:00',
    );
    expect(bot.pipeline.started).toEqual([]);
  });

  it('says which candidate it makes out of date', async () => {
    bot.pipeline.put(sample('waiting for approval'));

    expect(text(await openForm())).toContain(
      '✋ spam v7 is waiting for approval. It was compared with v7, so the rollback makes it out of date.',
    );
  });

  it('starts the rollback, whose card and thread say who and why', async () => {
    const told = await submitted('U0GRACE', await openForm(), ' flags <!channel> *invoices* ');

    expect(told).toContain('Rollback of spam started. Follow it on its card in #ml-ops.');
    expect(bot.pipeline.started).toMatchObject([
      { kind: 'rollback', model: 'spam', version: 6, reason: 'flags <!channel> *invoices*' },
    ]);
    const [root] = bot.slack.roots();
    const [entry] = bot.slack.threadOf(root?.ts ?? '');
    for (const place of [root, entry]) {
      expect(text(place)).toContain('Grace started a rollback to v6');
      expect(text(place)).toContain(': flags <!channel> *invoices*');
    }
  });

  it('needs no reason', async () => {
    await submitted('U0ADA', await openForm('U0ADA'));

    expect(bot.pipeline.started).toMatchObject([{ version: 6, reason: null }]);
    expect(text(bot.slack.roots()[0])).not.toContain('Reason');
  });

  it('is filled with the version and the reason typed with the command', async () => {
    bot.pipeline.put(liveRun(5, '2026-10-03T08:00:00.000Z'));

    await submitted('U0ADA', await openForm('U0ADA', 'rollback spam 5 reason="too slow"'));
    const view = form();
    const { initial_value } = (view.blocks as { element?: { initial_value?: string } }[]).at(-1)
      ?.element ?? { initial_value: '' };

    expect(initial_value).toBe('too slow');
    expect(bot.pipeline.started).toMatchObject([{ version: 5 }]);
  });

  it('starts one rollback, however often and by whomever it is submitted', async () => {
    const first = await openForm('U0GRACE');
    const second = await openForm('U0ADA');

    await Promise.all([submitted('U0GRACE', first), submitted('U0GRACE', first)]);
    bot.pipeline.setProduction(6, 'spam-rolled-back', 5);
    const late = await submitted('U0ADA', second);

    expect(bot.pipeline.started).toHaveLength(1);
    expect(late).toContain('Rollback of spam was already started');
  });

  it('does nothing once something else has gone into production', async () => {
    const view = await openForm();
    bot.pipeline.setProduction(8, 'spam-later', 7);

    const told = await submitted('U0GRACE', view, 'why');

    expect(told).toContain('spam v8 is in production now, not v7.');
    expect(told).toContain('Nothing was changed. Run /mlops rollback spam again.');
    expect(bot.pipeline.started).toEqual([]);
  });

  it('does nothing for a person without the right', async () => {
    const view = await openForm();

    expect(await submitted('U0KIT', view)).toContain('you are neither');
    expect(await submitted('U0KIT', { ...view, private_metadata: 'nonsense' })).toContain(
      'out of date',
    );
    expect(bot.pipeline.started).toEqual([]);
  });

  it('can be tried again after a rollback that failed', async () => {
    await submitted('U0GRACE', await openForm());
    const failed = await bot.pipeline.getRun('spam-20261122-00000001');
    if (failed === null) throw new Error('There is no rollback.');
    bot.pipeline.put({ ...failed, outcome: 'failed', endedAt: failed.createdAt });
    const retry = await openForm();

    await submitted('U0GRACE', retry);
    await submitted('U0GRACE', retry);

    expect(bot.pipeline.started).toMatchObject([{ version: 6 }, { version: 6 }]);
  });

  it('submitted again does not repeat a failed rollback', async () => {
    const view = await openForm();
    await submitted('U0GRACE', view);
    const failed = await bot.pipeline.getRun('spam-20261122-00000001');
    if (failed === null) throw new Error('There is no rollback.');
    bot.clock.advance(1);
    const endedAt = bot.clock.now().toISOString();
    bot.pipeline.put({ ...failed, outcome: 'failed', endedAt });

    expect(await submitted('U0GRACE', view)).toContain('was already started: ❌');
    expect(bot.pipeline.started).toHaveLength(1);
  });

  it('is not opened again while the rollback is in progress', async () => {
    await submitted('U0GRACE', await openForm());
    const opened = bot.slack.openedViews.length;

    const again = await bot.command('U0ADA', 'rollback spam');

    expect(again).toContain('Rollback of spam was already started: ⏳ spam');
    expect(bot.slack.openedViews).toHaveLength(opened);
  });

  it.each([
    ['rollback spam', 'U0KIT', 'you are neither'],
    ['rollback spam 7', 'U0ADA', 'spam v7 is already in production.'],
    ['rollback spam 5', 'U0ADA', 'spam v5 was never live.'],
    ['rollback spam 99', 'U0ADA', 'spam has no version 99.'],
    ['rollback spam six', 'U0ADA', '“six” is not a version.'],
  ])('is not opened for “%s” by %s', async (typed, user, expected) => {
    expect(await bot.command(user, typed)).toContain(expected);
    expect(bot.slack.openedViews).toEqual([]);
  });

  it('leaves one entry in the audit, when it is submitted', async () => {
    const view = await openForm();
    await submitted('U0GRACE', view, 'flags invoices');
    await submitted('U0GRACE', view, 'flags invoices');

    expect(bot.pipeline.audit.entries).toMatchObject([
      { action: 'rollback', what: 'spam v7 → v6 flags invoices', model: 'spam' },
    ]);
  });
});

describe('the buttons that open it', () => {
  const value = JSON.stringify(['spam', 7, 6]);

  it('are on the Home tab and on the card of the run', async () => {
    const run = { ...sample('deployed'), id: 'spam-live' };
    bot.pipeline.put(run);

    await bot.click('U0GRACE', actionIds.rollBackModel, value, { isInHome: true });
    await bot.click('U0GRACE', actionIds.rollBack, run.id);

    const [home, card] = bot.slack.openedViews;
    expect(text(home)).toContain('Roll spam back from v7 to v6?');
    expect(card).toMatchObject({ private_metadata: home?.private_metadata });
  });

  it.each([
    ['U0KIT', value, 'you are neither'],
    ['U0ADA', JSON.stringify(['spam', 6, 5]), 'spam v7 is in production now, not v6.'],
    ['U0ADA', 'nonsense', 'out of date'],
  ])('open nothing for %s with %s', async (user, pressed, expected) => {
    bot.pipeline.put(liveRun(5, '2026-10-03T08:00:00.000Z'));

    expect(await bot.click(user, actionIds.rollBackModel, pressed)).toContain(expected);
    expect(bot.slack.openedViews).toEqual([]);
    expect(bot.slack.privateAnswers.every(({ replaces }) => !replaces)).toBe(true);
  });

  it('say so when the deployment of the card is no longer there to undo', async () => {
    const run = sample('reverted');
    bot.pipeline.put(run);

    expect(await bot.click('U0ADA', actionIds.rollBack, run.id)).toContain(
      'That is no longer possible',
    );
  });
});

describe('where no form opens', () => {
  it('asks in a private message, with the same guarantees', async () => {
    bot.slack.misbehave('views.open', { kind: 'error', error: 'expired_trigger_id' });

    const question = await bot.command('U0GRACE', 'rollback spam');

    expect(question).toContain('Roll spam back from v7 to v6?');
    expect(question).toContain('[Roll back to v6]');
    expect(bot.pipeline.audit.entries).toEqual([]);
    expect(bot.logged).toContain('Slack did not open a form: expired_trigger_id.');
  });

  it('takes the reason beside the button, once', async () => {
    bot.slack.misbehave('views.open', { kind: 'error', error: 'expired_trigger_id' });
    await bot.click('U0GRACE', actionIds.rollBackModel, JSON.stringify(['spam', 7, 6]));
    const { action_id, value } = lastButton();
    const press = (user: string) =>
      bot.click(user, action_id, value, {
        isPrivate: true,
        entered: { reason: 'flags invoices' },
      });

    const refused = await press('U0KIT');
    await press('U0GRACE');
    const again = await press('U0GRACE');

    expect(refused).toContain('you are neither');
    expect(bot.pipeline.started).toMatchObject([{ version: 6, reason: 'flags invoices' }]);
    expect(again).toContain('was already started');
    expect(bot.slack.privateAnswers.at(-1)?.replaces).toBe(true);
    expect(bot.pipeline.audit.entries.at(-1)).toMatchObject({
      what: 'spam v7 → v6 flags invoices',
    });
  });

  it('does nothing once something else has gone into production', async () => {
    await bot.event({
      type: 'app_mention',
      user: 'U0GRACE',
      text: '<@U0MLOPS> rollback spam',
      channel: 'C0MLOPS',
      ts: '1.2',
    });
    const { action_id, value } = lastButton();
    bot.pipeline.setProduction(8, 'spam-later', 7);

    const told = await bot.click('U0GRACE', action_id, value, { isPrivate: true });

    expect(told).toContain('spam v8 is in production now, not v7.');
    expect(bot.pipeline.started).toEqual([]);
  });

  it('does not ask twice when only Slack’s answer was lost', async () => {
    bot.slack.misbehave('views.open', { kind: 'error', error: 'exchanged_trigger_id' });

    expect(await bot.command('U0GRACE', 'rollback spam')).toBe('');
  });
});
