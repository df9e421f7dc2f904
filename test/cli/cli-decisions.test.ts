import { beforeEach, describe, expect, it } from 'vitest';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { decisionValue } from '../../bot/features/approval/decision-buttons.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { type BotHarness, createBotHarness, testConfig } from '../bot/bot-harness.ts';
import { anEndpoint, aVersion } from '../bot/fake-pipeline.ts';
import { withOpenRequest } from '../bot/open-request.ts';
import { sample } from '../bot/sample.ts';
import { openTerminalOn } from './terminal.ts';

let bot: BotHarness;
let run: Run;

withOpenRequest((opened) => {
  ({ bot, run } = opened);
});

const asGrace = ['--as', 'U0GRACE'];
const decisions = async () => (await bot.pipeline.getRun(run.id))?.approval?.decisions ?? [];
const cardText = async () => {
  await bot.announcer.idle();
  return plainText(bot.slack.roots()[0] as never);
};

describe('mlops approve', () => {
  it('prints what would be approved and asks for --yes', async () => {
    const terminal = await openTerminalOn(bot);

    const { code, out } = await terminal.run('approve', 'spam', ...asGrace);

    // A script that forgot --yes must notice that nothing was done.
    expect(code).toBe(2);
    expect(out).toContain('v7 replaces v6 in production');
    expect(out).toContain('Add --yes to confirm.');
    expect(out).not.toContain('[');
    expect(await decisions()).toEqual([]);
  });

  it('decides with --yes and updates the card in Slack at once', async () => {
    const terminal = await openTerminalOn(bot);

    const { code, out } = await terminal.run('approve', run.id, '--yes', ...asGrace);

    expect(code).toBe(0);
    expect(out).toContain('You approved spam v7.');
    expect(await decisions()).toMatchObject([{ outcome: 'approved', by: { id: 'U0GRACE' } }]);
    expect(await cardText()).toContain('Approved by Grace Lindqvist');
    expect(await cardText()).not.toContain('[Approve]');
    expect(bot.pipeline.audit.entries).toMatchObject([
      { from: 'cli', action: 'approve', what: run.id, outcome: { kind: 'ok' } },
    ]);
  });

  it('counts once when the button is pressed at the same instant', async () => {
    const terminal = await openTerminalOn(bot);

    const [typed, pressed] = await Promise.all([
      terminal.run('approve', run.id, '--yes', ...asGrace),
      bot.click('U0GRACE', actionIds.approve, decisionValue(run)),
    ]);

    expect(await decisions()).toHaveLength(1);
    const late = [typed.error, pressed ?? ''].filter((answer) =>
      answer.includes('Already decided'),
    );
    expect(late).toHaveLength(1);
    expect(typed.code).toBe(typed.error === '' ? 0 : 1);
  });

  it('is refused to people who are not approvers, with code 1', async () => {
    const terminal = await openTerminalOn(bot);

    const { code, error } = await terminal.run('approve', 'spam', '--yes');

    expect(code).toBe(1);
    expect(error).toContain('You are not an approver of this model');
    expect(await decisions()).toEqual([]);
  });

  it('is refused where no person is named, because a person has to decide', async () => {
    const everyone = await createBotHarness({ config: { ...testConfig, operators: 'everyone' } });
    everyone.pipeline.put(run);
    const terminal = await openTerminalOn(everyone);

    const { code, error } = await terminal.run('approve', 'spam', '--yes');

    expect(code).toBe(1);
    expect(error).toContain('Only a person can approve or reject');
    await everyone.close();
  });

  it('follows the deployment with --wait', async () => {
    const terminal = await openTerminalOn(bot);
    terminal.onSleep(() => bot.pipeline.put({ ...sample('deployed'), id: run.id }));

    const { code, out } = await terminal.run('approve', 'spam', '--yes', '--wait', ...asGrace);

    expect(code).toBe(0);
    expect(out).toContain('spam v7 is live');
  });
});

describe('mlops reject', () => {
  it('needs a reason, with code 2', async () => {
    const terminal = await openTerminalOn(bot);

    const { code, error } = await terminal.run('reject', 'spam', '--yes', ...asGrace);

    expect(code).toBe(2);
    expect(error).toContain('Say why, in a few words.');
    expect(error).toContain(`mlops reject ${run.id} <reason>`);
  });

  it('rejects with --yes and the typed reason', async () => {
    const terminal = await openTerminalOn(bot);
    const words = ['too', 'many', 'newsletters'];

    const asked = await terminal.run('reject', 'spam', ...words, ...asGrace);
    const done = await terminal.run('reject', 'spam', ...words, '--yes', ...asGrace);

    expect(asked.out).toContain('Your reason for rejecting: too many newsletters');
    expect(done.out).toContain('You rejected spam v7. Production stays as it is.');
    expect(await cardText()).toContain('too many newsletters');
  });
});

describe('mlops rollback', () => {
  beforeEach(() => {
    bot.pipeline.setProduction(7, 'spam-live', 6);
    bot.pipeline.setVersions([aVersion(7), aVersion(6)]);
  });

  it('asks for --yes where Slack asks with a form', async () => {
    const terminal = await openTerminalOn(bot);

    const { out } = await terminal.run('rollback', 'spam', 'reason=flags invoices');

    expect(out).toContain('Roll spam back from v7 to v6?');
    expect(out).toContain('Add --yes to confirm.');
    expect(out).not.toMatch(/\[|Reason/);
    expect(bot.pipeline.started).toEqual([]);
  });

  it('starts one rollback with the reason given', async () => {
    const terminal = await openTerminalOn(bot);
    const args = ['rollback', 'spam', 'reason=flags invoices', '--yes'];

    await terminal.run(...args);
    const again = await terminal.run(...args);

    expect(bot.pipeline.started).toMatchObject([
      { kind: 'rollback', version: 6, reason: 'flags invoices' },
    ]);
    expect(again.out).toContain('was already started');
  });
});

describe('mlops retire', () => {
  beforeEach(() => {
    bot.pipeline.setProduction(7, 'spam-live', 6);
    bot.pipeline.setServing({ endpoint: anEndpoint('spam-v7-spamlive'), retired: null });
    bot.pipeline.put({ ...sample('deployed'), id: run.id });
  });

  it('needs a reason, and then says what goes away and asks for --yes', async () => {
    const terminal = await openTerminalOn(bot);

    const bare = await terminal.run('retire', 'spam', '--yes');
    const asked = await terminal.run('retire', 'spam', 'reason=too costly');

    expect(bare).toMatchObject({ code: 2, error: expect.stringContaining('Say why') });
    expect(asked.out).toContain('The endpoint spam. Requests to it will fail');
    expect(asked.out).toContain('Add --yes to confirm.');
    expect(bot.pipeline.started).toEqual([]);
  });

  it('starts one retirement with --yes', async () => {
    const terminal = await openTerminalOn(bot);
    const args = ['retire', 'spam', 'reason=too costly', '--yes'];

    await terminal.run(...args);
    const again = await terminal.run(...args);

    expect(bot.pipeline.started).toMatchObject([{ kind: 'retire', reason: 'too costly' }]);
    expect(again.out).toContain('was already started');
  });
});
