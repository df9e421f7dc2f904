import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { decisionValue } from '../../bot/features/approval/decision-buttons.ts';
import { MlopsError } from '../../pipeline/core/errors.ts';
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

const kept = () =>
  bot.pipeline.audit.entries.map(({ by, action, what, model, outcome }) => [
    by.name,
    action,
    what,
    model,
    outcome.kind,
  ]);

describe('the audit log', () => {
  it('records every command with its caller and outcome', async () => {
    bot.pipeline.put(sample('training'));

    await bot.command('U0ADA', 'status spam');
    await bot.command('U0ADA', 'stop spam');
    await bot.command('U0KIT', 'stop spam');
    await bot.command('U0KIT', 'frobnicate spam');
    await bot.command('U0ADA', 'promote spam 99 colour=red');
    await bot.command('U0ADA', 'rollback nosuch');

    expect(kept()).toEqual([
      ['Ada', 'status', 'spam', 'spam', 'ok'],
      ['Ada', 'stop', 'spam', 'spam', 'ok'],
      ['Kit', 'stop', 'spam', 'spam', 'refused'],
      ['Kit', 'frobnicate', 'spam', 'spam', 'refused'],
      ['Ada', 'promote', 'spam 99 colour=red', 'spam', 'refused'],
      ['Ada', 'rollback', 'nosuch', null, 'refused'],
    ]);
    expect(bot.pipeline.audit.entries.at(-1)?.outcome).toEqual({
      kind: 'refused',
      reason: 'There is no model “nosuch”.',
      isMisread: true,
    });
  });

  it('records decisions by button, and the reason of refused ones', async () => {
    const run = sample('waiting for approval');
    bot.pipeline.put(run);

    await bot.click('U0KIT', actionIds.approve, decisionValue(run));
    await bot.click('U0GRACE', actionIds.reject, decisionValue(run));
    const [view] = bot.slack.openedViews;
    await bot.submitReason('U0GRACE', view ?? {}, 'misses <!channel> phishing');
    await bot.click('U0GRACE', actionIds.approve, decisionValue(run));

    expect(kept()).toEqual([
      ['Kit', 'approve', run.id, 'spam', 'refused'],
      ['Grace', 'reject', `${run.id} misses <!channel> phishing`, 'spam', 'ok'],
      ['Grace', 'approve', run.id, 'spam', 'refused'],
    ]);
    expect(bot.pipeline.audit.entries[0]?.outcome).toMatchObject({
      reason: expect.stringContaining('not an approver'),
    });
  });

  it('writes one entry for a delivery that comes twice', async () => {
    await bot.command('U0ADA', 'status', 'the same trigger');
    await bot.command('U0ADA', 'status', 'the same trigger');

    expect(kept()).toHaveLength(1);
  });

  it('stores no secret that was typed', async () => {
    await bot.command('U0ADA', 'retrain spam reason="key AKIAABCDEFGHIJKLMNOP password=hunter2"');

    expect(JSON.stringify(bot.pipeline.audit.entries)).not.toMatch(/AKIA|hunter2/);
  });

  it('answers although the log cannot be written, and logs what is missing', async () => {
    bot.pipeline.audit.append = async () => {
      throw new Error('disk full');
    };

    expect(await bot.command('U0ADA', 'whoami')).toContain('You are Ada');
    expect(bot.logged.join()).toContain('The audit log missed slack:trigger-1');
  });

  it('records the code of an error', async () => {
    bot.pipeline.failNext(new MlopsError('CONFLICT', 'Somebody else was faster.'));

    await bot.command('U0ADA', 'retrain spam epochs=1');

    expect(bot.pipeline.audit.entries.at(-1)?.outcome).toEqual({
      kind: 'failed',
      code: 'CONFLICT',
    });
  });
});

describe('/mlops audit', () => {
  it('lists the newest first, as typed, of a model or all', async () => {
    bot.pipeline.put(sample('deployed'));
    await bot.command('U0KIT', 'retry spam');
    await bot.command('U0KIT', 'stop <!channel>*x*');

    const all = await bot.command('U0ADA', 'audit --all');
    const ofSpam = await bot.command('U0ADA', 'audit spam 5');

    expect(all).toMatch(/Kit in Slack: stop <!channel>\*x\*[\s\S]*retry spam/);
    expect(ofSpam).toContain('Audit log for spam');
    expect(ofSpam).not.toContain('<!channel>');
  });

  it.each([
    ['audit nosuch', '“nosuch” is neither a model nor anyone in the audit log.'],
    ['audit spma', 'Did you mean /mlops audit spam?'],
    ['audit spam 99999', '“99999” is not a number of entries.'],
    ['audit 0', 'not a number of entries'],
    ['audit tumour', 'Nothing is in the audit log for tumour yet.'],
  ])('%j says %j', async (text, answer) => {
    expect(await bot.command('U0ADA', text)).toContain(answer);
  });

  it('leaves out reads and typing mistakes, unless asked for all', async () => {
    bot.pipeline.put(sample('training'));
    await bot.command('U0KIT', 'status spam');
    await bot.command('U0KIT', 'frobnicate spam');
    await bot.command('U0ADA', 'promote spam seven');
    await bot.command('U0ADA', 'stop spam');

    const usual = await bot.command('U0GRACE', 'audit');
    const all = await bot.command('U0GRACE', 'audit --all');

    expect(usual).toContain('Ada in Slack: stop spam');
    expect(usual).not.toMatch(/status|frobnicate|seven/);
    expect(all).toMatch(/promote spam seven · failed: there is no such version/);
    expect(all).toMatch(/frobnicate spam · not understood: There is no command “frobnicate”/);
  });

  it('shows the entries of a person, by the name or id that people type', async () => {
    bot.pipeline.put(sample('training'));
    await bot.command('U0KIT', 'stop spam');
    await bot.command('U0ADA', 'stop spam');

    for (const typed of ['kit', '@Kit', '<@U0KIT|kit>', 'spam kit']) {
      const answer = await bot.command('U0GRACE', `audit ${typed}`);
      expect(answer).toContain('Kit in Slack: stop spam');
      expect(answer).not.toContain('Ada');
    }
  });

  it('names a person whose earlier entries kept an id', async () => {
    bot.pipeline.put(sample('training'));
    await bot.pipeline.audit.append({
      id: 'old',
      at: '2026-11-19T09:00:00.000Z',
      by: { kind: 'person', id: 'U0GRACE', name: 'U0GRACE' },
      from: 'slack',
      action: 'retrain',
      model: 'spam',
      what: 'spam',
      outcome: { kind: 'failed', code: 'CONFLICT' },
    });

    const answer = await bot.command('U0ADA', 'audit');

    expect(answer).toContain(
      'Grace in Slack: retrain spam · failed: something else was done first',
    );
  });

  it('stays within Slack’s limits however much was typed', async () => {
    for (let i = 0; i < 40; i += 1) {
      await bot.command('U0KIT', `stop ${'<@U0ADA> & *long* '.repeat(30)}${i}`);
    }

    expect(await bot.command('U0ADA', 'audit 30 --all')).toMatch(/and \d+ older/);
  });
});
