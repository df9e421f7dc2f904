import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { announcingOf } from './announcing.ts';
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

const { tell, rootText, keys } = announcingOf(() => bot);

describe('a run in Slack', () => {
  it('is one root message, edited, and a thread told in order', async () => {
    await tell('started', 'training', 'interrupted', 'resumed', 'judged', 'deployed');

    expect(bot.slack.roots()).toHaveLength(1);
    expect(rootText()).toContain('✅ spam v7 is live');
    expect(keys()).toEqual([
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
    expect(bot.slack.messages.every(({ isBroadcast }) => !isBroadcast)).toBe(true);
  });

  it('edits the entry of an interruption when the training resumes', async () => {
    await tell('interrupted');
    const posted = bot.slack.threadOf(bot.slack.roots()[0]?.ts ?? '').at(-1);
    const before = plainText(posted as never);

    await tell('resumed');

    expect(before).toContain(
      'Training resumes from its last checkpoint, or starts over if there is none',
    );
    expect(plainText(posted as never)).toContain('resumed from step 300');
    expect(keys()).toEqual(['dataset', 'interruption:1']);
  });

  it('mentions the approvers in one posted message', async () => {
    await tell('promote waits');

    const posts = bot.slack.messages.filter((message) =>
      JSON.stringify(message.blocks).includes('"user_id":"U0GRACE"'),
    );
    const [root, request] = posts;
    expect(posts).toHaveLength(2);
    // The card names them too, but by an edit, which notifies nobody.
    expect(root?.edits).toBe(1);
    expect(request).toMatchObject({ threadTs: root?.ts, edits: 0 });
  });

  it('is left alone when nothing changed', async () => {
    await tell('deployed');
    const before = bot.slack.calls.length;

    await tell('deployed', 'deployed');

    expect(bot.slack.calls).toHaveLength(before);
  });

  it('never goes back to an older record', async () => {
    await tell('deployed');

    await tell('training');

    expect(rootText()).toContain('✅ spam v7 is live');
  });
});

describe('pace', () => {
  it('shows only the last of many steps', async () => {
    await tell('training');
    const run = sample('training');
    const before = bot.slack.calls.length;

    for (let step = 321; step <= 400; step += 1) {
      bot.pipeline.put({
        ...run,
        revision: step,
        training: run.training && { ...run.training, step },
      });
      bot.announcer.onEvent(run.id);
    }
    await bot.announcer.idle();

    expect(bot.slack.calls.length - before).toBe(1);
    expect(rootText()).toContain('step 400 of 760');
  });
});

describe('a notice', () => {
  it('is told once per key, as typed', async () => {
    const notice = {
      key: 'notes.txt-1',
      kind: 'file_ignored',
      fileName: '<!channel> notes.txt',
      reason: 'Only .csv and .jsonl files are datasets.',
      hint: 'Save it as CSV.',
    } as const;

    void bot.announcer.tell(notice);
    await bot.announcer.idle();
    void bot.announcer.tell(notice);
    await bot.announcer.idle();

    expect(bot.slack.roots()).toHaveLength(1);
    expect(rootText()).toContain('<!channel> notes.txt was ignored. Only .csv');
    expect(bot.slack.roots()[0]?.text).not.toContain('<!');
  });

  it('says why a scheduled retrain was not started, and what to do', async () => {
    void bot.announcer.tell({
      key: 'schedule spam:2026-11-22T04:00:00Z',
      kind: 'retrain_refused',
      model: 'spam',
      reason: 'There is no valid dataset for spam yet.',
      hint: 'Drop a CSV or JSON Lines file first.',
    });
    await bot.announcer.idle();

    expect(rootText()).toBe(
      'The scheduled retrain of spam was not started: There is no valid dataset for spam yet.\nDrop a CSV or JSON Lines file first.',
    );
  });
});
