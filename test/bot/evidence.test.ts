import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { sampleEvidence } from '../../bot/gallery/sample-evidence.ts';
import { nastyNames } from '../../bot/gallery/sample-parts.ts';
import { MlopsError } from '../../pipeline/core/errors.ts';
import { type BotHarness, createBotHarness } from './bot-harness.ts';
import { sample } from './sample.ts';

let bot: BotHarness;

beforeEach(async () => {
  bot = await createBotHarness();
  bot.pipeline.setEvidence(sampleEvidence());
});

afterEach(async () => {
  const problems = [...bot.slack.problems];
  await bot.close();
  expect(problems).toEqual([]);
});

const waiting = () => {
  const run = sample('waiting for approval');
  bot.pipeline.put(run);
  return run;
};
const content = 'Please find the invoice attached.';

describe('the Evidence button', () => {
  it.each([
    ['waiting for approval', true],
    ['blocked', true],
    ['deployed', true],
    ['training', false],
    ['data invalid', false],
  ])('is on the card of a run that is %s: %s', async (name, isThere) => {
    const run = sample(name);
    bot.pipeline.put(run);
    bot.announcer.onEvent(run.id);
    await bot.announcer.idle();

    expect(plainText(bot.slack.roots()[0] as never).includes('[Evidence]')).toBe(isThere);
  });

  it('shows what flipped, by a stated rule, with the rows to an approver', async () => {
    const run = waiting();

    const text = await bot.click('U0GRACE', actionIds.evidence, run.id);

    expect(text).toContain('Evidence on spam v8 beside v7 (in production), on the same 912');
    expect(text).toContain('Won 45 rows, lost 37.');
    expect(text).toContain('Lost rows first, then won ones, at most 5 of each');
    expect(text).toContain(content);
    expect(text).toContain('Wilson for shares, 2,000 bootstrap draws');
    expect(text).toContain('expected calibration error 2.7 % (v7: 3.6 %) over 10 bins');
    expect(text).toContain('12 of 40 errors have a score above 0.99');
    expect(bot.pipeline.askedEvidence).toEqual([{ subject: { runId: run.id }, withRows: true }]);
  });

  it('shows ids and labels in place of the rows to people who may not act on the model', async () => {
    const text = await bot.click('U0KIT', actionIds.evidence, waiting().id);

    expect(text).toContain('Won 45 rows, lost 37.');
    expect(text).toContain('· row row-299');
    expect(text).toContain('Operators and approvers of spam see the rows themselves.');
    expect(text).not.toContain(content);
    expect(bot.pipeline.askedEvidence.map(({ withRows }) => withRows)).toEqual([false]);
  });

  it('is audited as who looked, and no row is in the audit log', async () => {
    await bot.click('U0GRACE', actionIds.evidence, waiting().id);

    const entries = await bot.pipeline.audit.list({ limit: 10 });

    expect(entries).toMatchObject([{ action: 'evidence', by: { id: 'U0GRACE' } }]);
    expect(JSON.stringify(entries)).not.toContain(content);
    expect(bot.logged.join('\n')).not.toContain(content);
  });

  it('says what is missing when the answers are no longer stored', async () => {
    const run = waiting();
    bot.pipeline.failNext(
      new MlopsError('REQUEST_INVALID', `The answers of ${run.id} are no longer stored.`),
    );

    expect(await bot.click('U0GRACE', actionIds.evidence, run.id)).toContain('no longer stored');
    expect(await bot.click('U0GRACE', actionIds.evidence, 'spam-gone0000')).toContain(
      'That run no longer exists.',
    );
  });

  it('answers privately when Slack does not open the form in time', async () => {
    const late = await createBotHarness({
      slackMethods: { 'views.open': () => ({ ok: false, error: 'expired_trigger_id' }) },
    });
    late.pipeline.setEvidence(sampleEvidence());
    const run = sample('waiting for approval');
    late.pipeline.put(run);

    const text = await late.click('U0GRACE', actionIds.evidence, run.id);
    await late.close();

    expect(text).toContain('Won 45 rows, lost 37.');
  });
});

describe('/mlops evidence', () => {
  it('takes a run, a model or a version', async () => {
    const run = waiting();

    expect(await bot.command('U0ADA', `evidence ${run.id}`)).toContain(content);
    expect(await bot.command('U0ADA', 'evidence spam')).toContain(content);
    await bot.command('U0ADA', 'evidence spam v8');

    expect(bot.pipeline.askedEvidence.map(({ subject }) => subject)).toEqual([
      { runId: run.id },
      { runId: run.id },
      { model: 'spam', version: 8 },
    ]);
  });

  it('says that nothing was evaluated yet', async () => {
    bot.pipeline.put(sample('training'));

    expect(await bot.command('U0ADA', 'evidence spam')).toContain(
      'No run of spam has been evaluated yet.',
    );
  });

  it('keeps the rows to itself where everybody reads', async () => {
    const run = waiting();

    await bot.event({
      type: 'app_mention',
      user: 'U0GRACE',
      text: `<@U0MLOPS> evidence ${run.id}`,
      channel: 'C0MLOPS',
      ts: '1.1',
    });
    const posted = JSON.stringify(bot.slack.messages);

    expect(posted).toContain('Won 45 rows, lost 37.');
    expect(posted).toContain('The rows themselves are shown privately');
    expect(posted).not.toContain(content);
  });

  it('shows a text that looks like markup as it is, in one short line', async () => {
    const [nasty = ''] = nastyNames;
    bot.pipeline.setEvidence(sampleEvidence({ content: `${nasty}\n${'long '.repeat(200)}` }));

    const text = await bot.command('U0ADA', `evidence ${waiting().id}`);

    expect(text).toContain('<!channel> *bold* _it_');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(400);
  });

  it('says why the rows stay where they are, by policy', async () => {
    bot.pipeline.setEvidence(sampleEvidence({}, { contents: { status: 'policy' } }));

    const text = await bot.command('U0ADA', `evidence ${waiting().id}`);

    expect(text).toContain(
      'The rows stay in the artifact store: evidence.showRows is off for spam.',
    );
  });
});
