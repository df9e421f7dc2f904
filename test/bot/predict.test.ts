import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import type { Message } from '../../bot/blocks/message.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { MlopsError } from '../../pipeline/core/errors.ts';
import { type BotHarness, createBotHarness } from './bot-harness.ts';
import { sample } from './sample.ts';

const answer = {
  version: 7,
  label: 'spam',
  score: 0.874,
  scores: [
    { label: 'spam', score: 0.874 },
    { label: 'ham', score: 0.126 },
  ],
};

let bot: BotHarness;

beforeEach(async () => {
  bot = await createBotHarness();
  bot.pipeline.put(sample('deployed'));
  bot.pipeline.setProduction(7, sample('deployed').id, 6);
  bot.pipeline.setAnswer(answer);
});

afterEach(async () => {
  const problems = [...bot.slack.problems];
  await bot.close();
  expect(problems).toEqual([]);
});

const opened = () => bot.slack.openedViews.at(-1) as Record<string, unknown>;
const text = (view: unknown) => plainText(view as Pick<Message, 'blocks'>);

async function asked(user = 'U0KIT') {
  await bot.click(user, actionIds.tryModel, 'spam');
  const { view } = await bot.submitForm(user, opened(), { input: 'You have won a prize' });
  return view as Record<string, unknown>;
}

describe('“Try it”', () => {
  it('opens a form for anybody, and answers with the score of every class', async () => {
    const view = await asked();

    expect(text(view)).toContain('spam v7: spam (87.4 %)');
    expect(text(view)).toMatch(/ham +12\.6 %/);
    expect(text(view)).not.toMatch(/localhost|127\.0\.0\.1/);
  });

  it('keeps a wrong answer as a row, once per text, with who said so in the audit', async () => {
    const said = text((await bot.submitForm('U0KIT', await asked(), { label: 'ham' })).view);
    const again = text(
      (await bot.submitForm('U0ADA', await asked('U0ADA'), { label: 'ham' })).view,
    );

    expect(said).toContain('The correction is kept.');
    expect(again).toContain('It takes the place of the earlier correction of this row.');
    expect(again).toContain('1 correction of spam so far');
    const { newest } = await bot.pipeline.corrections('spam', 10);
    expect(newest).toMatchObject([
      { input: 'You have won a prize', label: 'ham', predicted: 'spam', version: 7 },
    ]);
    const entries = await bot.pipeline.audit.list({ model: 'spam' });
    // Each view is recorded once; here both have the same id.
    expect(entries.map(({ action, by, what }) => [action, by.name, what])).toEqual([
      ['correct', 'Kit', 'spam spam → ham'],
    ]);
  });

  it('says what the endpoint says when it does not answer', async () => {
    await bot.click('U0KIT', actionIds.tryModel, 'spam');
    const form = opened();
    bot.pipeline.failNext(
      new MlopsError('VERIFICATION_FAILED', 'The endpoint answered 400: too long.'),
    );

    const { view } = await bot.submitForm('U0KIT', form, { input: 'x' });

    expect(text(view)).toContain('The endpoint answered 400: too long.');
  });

  it('is refused, with what to do, while nothing serves', async () => {
    const told = await bot.click('U0KIT', actionIds.tryModel, 'tumour');

    expect(told).toContain('tumour has nothing in production yet');
  });

  it('is on the card of what is live', async () => {
    bot.announcer.onEvent(sample('deployed').id);
    await bot.announcer.idle();

    expect(JSON.stringify(bot.slack.roots())).toContain(actionIds.tryModel);
  });
});

describe('an endpoint that starts, where the process goes on', () => {
  it('answers later, by a direct message', async () => {
    const local = { interrupt: async () => ({ message: '' }) };
    await using slow = await slowBot(local);

    const { view } = await slow.submitted;
    expect(text(view)).toContain('Its answer will be a direct message to you.');
    slow.answerNow();
    await vi.waitFor(() => expect(slow.bot.slack.messages.at(-1)?.channel).toBe('D0KIT'));
    expect(slow.bot.slack.messages.at(-1)?.text).toContain('spam answers spam');
  });

  async function slowBot(local: { interrupt: () => Promise<{ message: string }> }) {
    const other = await createBotHarness({ local });
    other.pipeline.put(sample('deployed'));
    other.pipeline.setProduction(7, sample('deployed').id, 6);
    let answerNow = () => {};
    const predicted = new Promise<void>((resolve) => {
      answerNow = resolve;
    });
    other.bot.pipeline.predict = async ({ model }: { model: string }) => {
      await predicted;
      return { model, ...answer };
    };
    await other.click('U0KIT', actionIds.tryModel, 'spam');
    const form = other.slack.openedViews.at(-1) as Record<string, unknown>;
    const submitted = other.submitForm('U0KIT', form, { input: 'hello' });
    return { bot: other, submitted, answerNow, [Symbol.asyncDispose]: () => other.close() };
  }
});

describe('/mlops predict', () => {
  it('answers at once when it is given a text, with a button for a wrong answer', async () => {
    const told = await bot.command('U0KIT', 'predict spam You have won a prize');

    expect(told).toContain('spam v7: spam (87.4 %)');
    expect(told).toContain('[This is wrong…]');
  });

  it('opens the form without a text', async () => {
    expect(await bot.command('U0KIT', 'predict spam')).toBe('');
    expect(opened()).toMatchObject({ callback_id: 'model.try' });
  });

  it('lets a wrong answer be corrected from the message', async () => {
    await bot.command('U0KIT', 'predict spam You have won a prize');
    const [button] = bot
      .commandBlocks()
      .flatMap((block) => (block as { elements?: { value?: string }[] }).elements ?? [])
      .filter(({ value }) => value !== undefined);

    await bot.click('U0KIT', actionIds.correct, button?.value ?? '');
    await bot.submitForm('U0KIT', opened(), { label: 'ham' });

    expect((await bot.pipeline.corrections('spam', 10)).newest).toMatchObject([{ label: 'ham' }]);
  });
});

describe('/mlops corrections', () => {
  it('lists them, and says how to train on them', async () => {
    await bot.submitForm('U0KIT', await asked(), { label: 'ham' });

    const told = await bot.command('U0KIT', 'corrections spam');

    expect(told).toContain('1 correction of spam');
    expect(told).toContain('ham (v7: spam) · You have won a prize · Kit');
    expect(told).toContain('npx mlops corrections spam export=yes');
  });

  it('says how to make one while there is none', async () => {
    expect(await bot.command('U0KIT', 'corrections spam')).toContain('No answer of spam has been');
  });

  it('are counted in the form of a retrain', async () => {
    await bot.submitForm('U0KIT', await asked(), { label: 'ham' });

    await bot.command('U0ADA', 'retrain spam');
    await bot.command('U0ADA', 'retrain');

    expect(JSON.stringify(opened())).toContain('1 correction collected');
  });
});
