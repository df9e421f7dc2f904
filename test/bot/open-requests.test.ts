import { afterEach, describe, expect, it } from 'vitest';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { card } from '../../bot/features/run/card.ts';
import { thread } from '../../bot/features/run/thread.ts';
import { sampleFacts } from '../../bot/gallery/run-examples.ts';
import { grace } from '../../bot/gallery/sample-parts.ts';
import { type ConfigInput, defineConfig } from '../../pipeline/core/config.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { type BotHarness, createBotHarness } from './bot-harness.ts';
import { aVersion } from './fake-pipeline.ts';
import { sample } from './sample.ts';

let bot: BotHarness;
afterEach(() => bot.close());

async function open(approvers = ['U0GRACE']) {
  const model: ConfigInput['models'][string] = {
    title: 'Spam filter',
    task: 'text-classification',
    recipe: 'distilbert',
    columns: { label: 'label', text: 'text' },
    gate: { minimum: 0.9 },
    approval: { mode: 'people', approvers },
  };
  const config = defineConfig({
    channel: '#ml-ops',
    operators: 'everyone',
    models: { spam: model },
  });
  bot = await createBotHarness({ config });
  bot.pipeline.setVersions([aVersion(7), aVersion(6)]);
  bot.pipeline.setProduction(7);
}

const waiting = (version: number): Run => ({
  ...sample('waiting for approval'),
  id: `spam-waiting${version}`,
  version,
});

const buttons = () =>
  (
    bot.commandBlocks() as {
      elements?: { action_id: string; value: string; text: { text: string } }[];
    }[]
  )
    .flatMap(({ elements = [] }) => elements)
    .filter(({ action_id }) => action_id === actionIds.decideChoose);

describe('/mlops approve and reject with several waiting versions', () => {
  it('ask with buttons that name the versions, not with ids', async () => {
    await open();
    bot.pipeline.put(waiting(8));
    bot.pipeline.put(waiting(9));

    const asked = await bot.command('U0GRACE', 'approve spam');

    expect(asked).toContain('Which version do you want to approve?');
    expect(
      buttons()
        .map(({ text }) => text.text)
        .sort(),
    ).toEqual(['spam v8', 'spam v9']);
    expect(bot.pipeline.audit.entries).toEqual([]);
  });

  it('show what would be decided once a version is chosen, with the reason typed before', async () => {
    await open();
    bot.pipeline.put(waiting(8));
    bot.pipeline.put(waiting(9));
    await bot.command('U0GRACE', 'reject spam misses phishing');
    const [button] = buttons();

    const shown = await bot.click('U0GRACE', actionIds.decideChoose, button?.value ?? '', {
      isPrivate: true,
    });

    expect(shown).toContain('is waiting for your decision');
    expect(shown).toContain('Your reason for rejecting: misses phishing');
    expect(
      await bot.click('U0GRACE', actionIds.decideChoose, 'nonsense', { isPrivate: true }),
    ).toContain('no longer exists');
  });

  it('do not ask when only one of them is the caller’s to decide', async () => {
    await open();
    bot.pipeline.put(waiting(8));
    bot.pipeline.put({ ...waiting(9), requestedBy: grace });

    expect(await bot.command('U0GRACE', 'approve')).toContain(
      'spam v8 is waiting for your decision',
    );
  });
});

describe('a promotion', () => {
  it('of a version that waits already leads to its card', async () => {
    await open();
    const run = { ...waiting(6), kind: 'promote' as const, requestedBy: grace };
    bot.pipeline.put(run);
    const { startRun } = bot.pipeline;
    bot.pipeline.startRun = async (request) =>
      request.kind === 'promote' ? { run, isNew: false } : startRun(request);

    const told = await bot.command('U0ADA', 'promote spam 6');

    expect(told).toContain('spam v6 is waiting for approval already.');
    expect(told).toContain('Grace asked for it; approval was requested');
    expect(told).toContain(run.id);
  });

  it.each([
    [['S0EMPTY'], 'U0ADA', 'No one is in the user groups that approve spam.'],
    [['S0LEADS'], 'U0GRACE', 'Grace is the only approver of spam'],
  ])(
    'is not asked for when the group %j cannot approve what %s asks',
    async (approvers, user, why) => {
      await open(approvers);

      const told = await bot.command(user, 'promote spam 6');

      expect(told).toContain(why);
      expect(told).toContain('models.spam.approval in mlops.config.ts');
      expect(bot.pipeline.started).toEqual([]);
    },
  );

  it('is asked for when Slack does not say who is in the group', async () => {
    await open(['S0LEADS']);
    bot.slack.misbehave('usergroups.users.list', { kind: 'error', error: 'paid_teams_only' });

    expect(await bot.command('U0GRACE', 'promote spam 6')).toContain('Promotion of spam started');
  });
});

describe('a retrain', () => {
  it('whose result its requester alone could approve says so at the start', async () => {
    await open(['U0ADA']);

    const told = await bot.command('U0ADA', 'retrain spam');

    expect(told).toContain('Retrain of spam started');
    expect(told).toContain('If it passes the gate it cannot be approved: Ada is the only approver');
  });

  it('that repeats an earlier one says which, and how that ended', async () => {
    await open();
    const earlier = { ...sample('rejected'), createdAt: '2026-11-20T08:40:00.000Z' };
    bot.pipeline.put(earlier);

    const version = earlier.dataset?.version ?? '';
    const told = await bot.command('U0ADA', `retrain spam dataset=${version}`);
    const other = await bot.command('U0ADA', `retrain spam dataset=${version} epochs=7`);

    expect(told).toContain(
      'The same data and settings were trained 1 hour ago: ⛔ spam v7 was rejected',
    );
    expect(other).not.toContain('The same data and settings');
  });
});

describe('the card and thread of a request', () => {
  it('name only approvers whose decision counts', async () => {
    await open();
    const run: Run = {
      ...sample('waiting for approval'),
      requestedBy: grace,
    };
    const asked = run.approval && {
      ...run.approval,
      approvers: ['U0GRACE', 'U0ADA'],
      notify: ['U0GRACE', 'U0ADA'],
    };
    const both = { ...run, approval: asked };

    expect(JSON.stringify(card(both, sampleFacts))).not.toContain('U0GRACE');
    expect(JSON.stringify(card(both, sampleFacts))).toContain('U0ADA');
    const entry = thread(both, sampleFacts).find(({ key }) => key === 'approval');
    expect(JSON.stringify(entry)).not.toContain('U0GRACE');
    expect(entry?.text).toContain('is waiting for approval');
  });

  it('say that no one can approve it, what to do, and ask its requester only', async () => {
    await open();
    const run = sample('no one can approve');

    const text = plainText(card(run, sampleFacts));
    const entry = thread(run, sampleFacts).find(({ key }) => key === 'approval');

    expect(text).toContain('No one can approve this. Ada is the only approver of spam');
    expect(text).toContain('Stop ends it. Let somebody else ask');
    expect(entry?.text).toBe('No one can approve spam v6');
    expect(plainText(entry as never)).toContain(`/mlops stop ${run.id} ends the run.`);
  });

  it('lose the buttons when something else goes live, and say why', async () => {
    await open();
    const run = sample('out of date');
    bot.pipeline.put(run);

    const text = plainText(card(run, sampleFacts));

    expect(text).toContain('⚪ spam v7 is out of date');
    expect(text).toContain('Out of date: v8 is live now, and this was compared with v6.');
    expect(text).not.toContain('[Approve]');
    expect(text).toContain('[Stop]');
    const value = JSON.stringify([run.id, run.approval?.digest]);
    const told = await bot.click('U0GRACE', actionIds.approve, value);
    expect(told).toContain('spam v7 is out of date: v8 is live now');
    expect(told).toContain('/mlops promote spam 7 asks again.');
    expect(await bot.command('U0GRACE', 'approvals')).toContain('Nothing is waiting for approval.');
  });
});
