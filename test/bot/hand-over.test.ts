import { describe, expect, it } from 'vitest';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { defineConfig } from '../../pipeline/core/config.ts';
import type { Run } from '../../pipeline/core/run.ts';
import type { BotHarness } from './bot-harness.ts';
import { withOpenRequest } from './open-request.ts';

const approvers = ['U0GRACE', 'U0LINUS', 'U0ADA'];
const config = defineConfig({
  channel: '#ml-ops',
  operators: ['U0ADA'],
  models: {
    spam: {
      title: 'Spam filter',
      task: 'text-classification',
      recipe: 'distilbert',
      columns: { label: 'label', text: 'text' },
      gate: { minimum: 0.9 },
      approval: { mode: 'people', approvers },
    },
  },
});

let bot: BotHarness;
let run: Run;

withOpenRequest(
  (opened) => {
    ({ bot, run } = opened);
  },
  {
    harness: { config },
    as: (waiting) => ({
      ...waiting,
      requestedBy: { kind: 'person', id: 'U0ADA', name: 'Ada' },
      approval: waiting.approval && { ...waiting.approval, approvers },
    }),
  },
);

/** The form as `userId` opens it. */
async function form(userId: string): Promise<Record<string, unknown>> {
  const before = bot.slack.openedViews.length;
  await bot.command(userId, 'handover spam');
  const view = bot.slack.openedViews[before];
  if (view === undefined) throw new Error('No form was opened.');
  return view;
}

async function handOver(userId: string, person: string | null) {
  const answer = await bot.submitForm(userId, await form(userId), { person });
  await bot.announcer.idle();
  return answer;
}

const said = async (start: string) =>
  bot.slack.messages
    .filter(({ text }) => text?.startsWith(start))
    .map((message) => ({ channel: message.channel, text: plainText(message as never) }));

describe('/mlops handover', () => {
  it('mentions the person in the thread, and sends them a message', async () => {
    const answer = await handOver('U0GRACE', 'U0LINUS');

    expect(plainText(answer.view as never)).toContain('Linus is asked to decide on spam v7.');
    const [entry] = await said('Grace asks Linus');
    expect(entry?.text).toContain('@U0LINUS: Grace asks you to decide on spam v7.');
    const [message] = await said('spam v7 is waiting for your decision');
    expect(message?.channel).toBe('D0LINUS');
    expect(message?.text).toContain('Grace asked Linus to decide.');
    expect(message?.text).toContain('[Approve] [Reject…]');
    expect(message?.text).toContain('Open the card');
    expect(plainText(bot.slack.roots()[0] as never)).toContain('Grace asked Linus to decide.');
    expect(bot.pipeline.audit.entries).toMatchObject([
      { action: 'handover', what: `${run.id} U0LINUS`, outcome: { kind: 'ok' } },
    ]);
  });

  it.each([
    ['no one', null, 'Choose somebody.'],
    ['oneself', 'U0GRACE', 'That is you. Choose somebody else.'],
    ['who is no approver', 'U0KIT', 'Kit is not an approver of spam.'],
    ['who started the run', 'U0ADA', 'Ada started this run, so they cannot approve it.'],
  ])('keeps the form open for a person who cannot decide: %s', async (_, person, why) => {
    const answer = await handOver('U0GRACE', person);

    expect(answer.errors).toEqual({ person: why });
    expect((await bot.pipeline.getRun(run.id))?.approval?.handedOver).toBeUndefined();
  });

  it('asks a person once', async () => {
    await handOver('U0GRACE', 'U0LINUS');

    const answer = await handOver('U0ADA', 'U0LINUS');

    expect(answer.errors).toEqual({ person: 'Linus has already been asked, by Grace.' });
    expect(await said('spam v7 is waiting for your decision')).toHaveLength(1);
    expect(await said('Ada asks')).toEqual([]);
  });

  it('leaves the right to decide with everybody who had it', async () => {
    await handOver('U0GRACE', 'U0LINUS');

    expect(await bot.command('U0GRACE', 'approve spam')).toContain('waiting for your decision');
  });

  it('counts although the message cannot be delivered', async () => {
    bot.slack.setMood(({ method, fields }) =>
      method === 'chat.postMessage' && fields.channel === 'U0LINUS'
        ? { kind: 'error', error: 'channel_not_found' }
        : undefined,
    );

    const answer = await handOver('U0GRACE', 'U0LINUS');

    expect(plainText(answer.view as never)).toContain('Linus is asked to decide on spam v7.');
    expect(await said('Grace asks Linus')).toHaveLength(1);
    expect(bot.logged.join()).toContain('no direct message to U0LINUS');
  });

  it('is for operators and approvers', async () => {
    expect(await bot.command('U0KIT', 'handover spam')).toContain('you are neither');
  });

  it('says where the form is when it is asked for where none opens', async () => {
    bot.slack.misbehave('views.open', { kind: 'error', error: 'expired_trigger_id' });

    expect(await bot.command('U0GRACE', 'handover spam')).toContain('choose “Hand over…”');
  });
});
