import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { type BotHarness, createBotHarness } from './bot-harness.ts';
import { aVersion } from './fake-pipeline.ts';
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

interface Offered {
  readonly action_id: string;
  readonly value: string;
  readonly text: { readonly text: string };
}

/** The buttons of the last private answer to a command. */
function buttons(): readonly Offered[] {
  return bot
    .commandBlocks()
    .flatMap((block) => ('elements' in block ? (block.elements as Offered[]) : []))
    .filter(({ action_id }) => action_id?.startsWith('command.run'));
}

async function press(userId: string, { action_id, value }: Offered): Promise<string | null> {
  return bot.click(userId, action_id, value, { isPrivate: true });
}

async function only(typed: string): Promise<Offered> {
  await bot.command('U0ADA', typed);
  const [button, second] = buttons();
  if (button === undefined || second !== undefined) throw new Error('Not one button.');
  return button;
}

describe('a suggested command', () => {
  it('keeps every argument and runs on a click', async () => {
    const button = await only('retrian spam epochs=3 reason="two words"');

    expect(button.text.text).toBe('/mlops retrain spam epochs=3 reason="two words"');
    expect(await press('U0ADA', button)).toContain('Retrain of spam started');
    expect(bot.pipeline.started).toMatchObject([
      { kind: 'retrain', reason: 'two words', hyperparameters: { epochs: '3' } },
    ]);
  });

  it('is one request however often it is clicked', async () => {
    const button = await only('retrain spma');

    await press('U0ADA', button);

    expect(await press('U0ADA', button)).toContain('was already started');
    expect(bot.pipeline.started).toHaveLength(1);
  });

  it('gives no rights to who clicks', async () => {
    const button = await only('retrain spma');

    expect(await press('U0KIT', button)).toContain('Only operators');
    expect(bot.pipeline.started).toEqual([]);
  });

  it('asks before it changes production, as the command does', async () => {
    bot.pipeline.setVersions([aVersion(7), aVersion(6)]);
    bot.pipeline.setProduction(7, 'spam-live', 6);
    const button = await only('rolback spam reason="flags invoices"');

    await press('U0ADA', button);

    expect(bot.pipeline.started).toEqual([]);
    expect(plainText(bot.slack.openedViews[0] as never)).toContain('v7');
  });

  it('is audited as the command it runs, in the name of who clicked', async () => {
    await press('U0ADA', await only('retrain spma'));

    expect(
      bot.pipeline.audit.entries.map(({ by, action, what, outcome }) => [
        by.name,
        action,
        what,
        outcome.kind,
      ]),
    ).toEqual([
      ['Ada', 'retrain', 'spma', 'refused'],
      ['Ada', 'retrain', 'spam', 'ok'],
    ]);
  });

  it('is answered when the button is from another version', async () => {
    const button = await only('retrain spma');

    expect(await press('U0ADA', { ...button, value: 'retrain spam' })).toContain('older version');
  });

  it.each(['revrt spam', 'stap spam', 'delete spam', 'xxapprove'])(
    'is never a bold guess: “%s”',
    async (typed) => {
      await bot.command('U0ADA', typed);

      for (const { text } of buttons()) {
        expect(text.text).not.toMatch(/mlops (?:reject|approve|promote)/);
      }
    },
  );
});

describe('stop everything', () => {
  it('asks with a button for each run and one for all of them', async () => {
    bot.pipeline.put(sample('training'));
    bot.pipeline.put({ ...sample('training'), id: 'tumour-bbbbbbbb', model: 'tumour' });

    const asked = await bot.command('U0ADA', 'stop everything');
    const all = buttons().at(-1);
    const done = all === undefined ? null : await press('U0ADA', all);

    expect(asked).toContain('Stop 2 runs?');
    expect(buttons().map(({ text }) => text.text)).toEqual([
      expect.stringContaining('Stop tumour'),
      expect.stringContaining('Stop spam'),
      'Stop all 2 runs',
    ]);
    expect(done).toMatch(/Stopping the retrain of tumour\.\nStopping the retrain of spam\./);
  });
});

describe('a run that is not named clearly', () => {
  it('is chosen by a button that says what it is', async () => {
    bot.pipeline.put(sample('training'));
    bot.pipeline.put({ ...sample('training'), id: 'spam-bbbbbbbb' });

    const asked = await bot.command('U0ADA', 'stop');

    expect(asked).toContain('Which run?');
    expect(buttons()[0]?.text.text).toContain('spam: training, 42 %');
    const [, second] = buttons();
    expect(second === undefined ? null : await press('U0ADA', second)).toContain('Stopping');
  });
});
