import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import type { Approval, Run } from '../../pipeline/core/run.ts';
import { type BotHarness, createBotHarness } from './bot-harness.ts';
import { sample } from './sample.ts';

let bot: BotHarness;
let run: Run;

beforeEach(async () => {
  bot = await createBotHarness();
  run = await announced(sample('waiting for approval'));
});

afterEach(async () => {
  const problems = [...bot.slack.problems];
  await bot.close();
  expect(problems).toEqual([]);
});

async function announced(next: Run): Promise<Run> {
  bot.pipeline.put(next);
  bot.announcer.onEvent(next.id);
  await bot.announcer.idle();
  return next;
}

function withApproval(change: Partial<Approval>): Run {
  return { ...run, approval: run.approval && { ...run.approval, ...change } };
}

/** What the button carries that the command has shown. */
async function buttonOf(user: string, typed: string, actionId: string): Promise<string> {
  await bot.command(user, typed);
  const blocks = bot.commandBlocks() as { elements?: { action_id?: string; value?: string }[] }[];
  const found = blocks
    .flatMap(({ elements = [] }) => elements)
    .find(({ action_id }) => action_id === actionId);
  return found?.value ?? '';
}

const decisions = async () => (await bot.pipeline.getRun(run.id))?.approval?.decisions ?? [];
const cardText = async () => {
  await bot.announcer.idle();
  return plainText(bot.slack.roots()[0] as never);
};

describe('/mlops approve', () => {
  it('shows exactly what would be decided, and decides nothing', async () => {
    const told = await bot.command('U0GRACE', `approve ${run.id}`);

    expect(told).toContain('spam v7 is waiting for your decision');
    expect(told).toContain('v7 replaces v6 in production; if rejected, v6 stays.');
    expect(told).toContain('Macro-F1 0.952, +1.4 points against production v6 (0.938)');
    expect(told).toContain('Gate: pass');
    expect(told).toContain('Needs one approval until 2026-11-22 09:36 UTC');
    expect(told).toContain('[Approve] [Reject…]');
    expect(await decisions()).toEqual([]);
    expect(bot.pipeline.audit.entries).toEqual([]);
  });

  it.each(['spam', 'a1b2c3d4', 'SPAM', ''])('knows the run by “%s”', async (word) => {
    expect(await bot.command('U0GRACE', `approve ${word}`)).toContain(`Run ${run.id}`);
  });

  it('counts the approval, redraws the card, and says so in place of the question', async () => {
    const value = await buttonOf('U0GRACE', 'approve spam', actionIds.approve);

    const told = await bot.click('U0GRACE', actionIds.approve, value, { isPrivate: true });

    expect(told).toContain('You approved spam v7.');
    expect(bot.slack.privateAnswers.at(-1)?.replaces).toBe(true);
    expect(await cardText()).toContain('Approved by Grace');
    expect(bot.pipeline.audit.entries).toMatchObject([
      { action: 'approve', by: { id: 'U0GRACE' } },
    ]);
  });

  it('says how many are still needed', async () => {
    run = await announced(withApproval({ quorum: 2, approvers: ['U0GRACE', 'U0ADA'] }));
    const value = await buttonOf('U0GRACE', 'approve spam', actionIds.approve);

    const told = await bot.click('U0GRACE', actionIds.approve, value, { isPrivate: true });
    const next = await bot.command('U0GRACE', 'approve spam');

    expect(told).toContain('You approved spam v7; 1 more approval needed.');
    expect(next).toContain('You have already decided; more approvals are needed from others.');
  });

  it.each([
    ['no approver', 'U0KIT', {}, 'You are not an approver of this model'],
    ['an expired request', 'U0GRACE', { outcome: 'expired' }, 'Too late: the request has expired.'],
    ['a decided one', 'U0GRACE', { outcome: 'approved' }, 'Already decided'],
  ] as const)('is refused at once: %s', async (_, user, change, expected) => {
    run = await announced(withApproval(change));

    const told = await bot.command(user, `approve ${run.id}`);

    expect(told).toContain(expected);
    expect(told).not.toContain('[Approve]');
    expect(bot.pipeline.audit.entries).toMatchObject([{ outcome: { kind: 'refused' } }]);
  });

  it('is refused at once: one’s own request', async () => {
    const requestedBy = { kind: 'person', id: 'U0GRACE', name: 'Grace' } as const;
    run = await announced({ ...withApproval({ selfApproval: false }), requestedBy });

    expect(await bot.command('U0GRACE', 'approve spam')).toContain('You started this run');
  });

  it('is refused while there is nothing to decide', async () => {
    run = await announced(sample('training'));

    expect(await bot.command('U0GRACE', `approve ${run.id}`)).toContain('Nothing to decide: ⏳');
    expect(await bot.command('U0GRACE', 'approve spam')).toContain('Nothing is waiting');
  });

  it('asks which version is meant when several are waiting', async () => {
    await announced({ ...run, id: 'spam-20261120-eeeeeeee' });

    const told = await bot.command('U0GRACE', 'approve');

    expect(told).toContain('Which version do you want to approve?');
    expect(told).toContain('[spam v7]');
    expect(told).not.toContain('spam-20261120-eeeeeeee');
  });

  it('does not count for what has changed since it was shown', async () => {
    const value = await buttonOf('U0GRACE', 'approve spam', actionIds.approve);
    run = await announced(withApproval({ digest: 'ff'.repeat(32) }));

    const told = await bot.click('U0GRACE', actionIds.approve, value, { isPrivate: true });

    expect(told).toContain('has changed, so your decision was not counted');
    expect(await decisions()).toEqual([]);
  });

  it('in a run’s thread means that run, and answers privately', async () => {
    await announced({ ...run, id: 'spam-20261120-eeeeeeee' });

    await mention('U0GRACE', 'approve');

    expect(bot.slack.privateAnswers).toMatchObject([{ user: 'U0GRACE' }]);
    expect(plainText(bot.slack.privateAnswers[0] as never)).toContain(`Run ${run.id}`);
  });
});

describe('/mlops reject', () => {
  it('asks with the typed reason, and shows it on the card', async () => {
    const value = await buttonOf('U0GRACE', 'reject spam misses all phishing', actionIds.reject);

    await bot.click('U0GRACE', actionIds.reject, value, { isPrivate: true });
    const [view = {}] = bot.slack.openedViews;
    const answer = await bot.submitForm('U0GRACE', view);

    expect(answer).toEqual({});
    expect(await decisions()).toMatchObject([
      { outcome: 'rejected', reason: 'misses all phishing', by: { id: 'U0GRACE' } },
    ]);
    expect(await cardText()).toContain('Rejected by Grace');
    expect(bot.pipeline.audit.entries).toMatchObject([
      { action: 'reject', what: `${run.id} misses all phishing`, outcome: { kind: 'ok' } },
    ]);
  });

  it('is answered in place of the question it was asked with', async () => {
    const value = await buttonOf('U0GRACE', 'reject spam too slow', actionIds.reject);
    await bot.click('U0GRACE', actionIds.reject, value, { isPrivate: true });

    await bot.submitForm('U0GRACE', bot.slack.openedViews[0] ?? {});

    expect(bot.slack.privateAnswers).toMatchObject([{ replaces: true }]);
    expect(plainText(bot.slack.privateAnswers[0] as never)).toContain('You rejected spam v7');
  });

  it('counts although the question can no longer be replaced', async () => {
    const value = await buttonOf('U0GRACE', 'reject spam too slow', actionIds.reject);
    await bot.click('U0GRACE', actionIds.reject, value, { isPrivate: true });
    const [view = {}] = bot.slack.openedViews;
    const [runId, digest] = JSON.parse(String(view.private_metadata));
    const metadata = JSON.stringify([runId, digest, `${bot.slack.apiUrl}gone`]);

    const answer = await bot.submitForm('U0GRACE', { ...view, private_metadata: metadata });

    expect(answer).toEqual({});
    expect(await decisions()).toMatchObject([{ outcome: 'rejected' }]);
  });

  it('in a thread takes every word as the reason', async () => {
    await mention('U0GRACE', 'reject spam is what it calls invoices');

    expect(plainText(bot.slack.privateAnswers[0] as never)).toContain(
      'Your reason for rejecting: spam is what it calls invoices',
    );
  });
});

function mention(user: string, text: string) {
  const [root] = bot.slack.roots();
  return bot.event({
    type: 'app_mention',
    user,
    text: `<@U0MLOPS> ${text}`,
    channel: 'C0MLOPS',
    ts: '2.1',
    thread_ts: root?.ts,
  });
}
