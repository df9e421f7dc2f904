import { messageProblems } from '@mlops-bot/slack-simulator/limits';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { promotionQuestion } from '../../bot/features/promotion/version-choice.ts';
import { diffMessage } from '../../bot/features/versions/diff-message.ts';
import { nastyNames } from '../../bot/gallery/sample-parts.ts';
import { compareVersions } from '../../pipeline/core/compare-versions.ts';
import { type BotHarness, createBotHarness } from './bot-harness.ts';
import { aVersion } from './fake-pipeline.ts';
import { sample } from './sample.ts';

let bot: BotHarness;

beforeEach(async () => {
  bot = await createBotHarness();
  bot.pipeline.onChange((runId) => bot.announcer.onEvent(runId));
  bot.pipeline.setProduction(6, 'spam-live', 5);
  const made = sample('deployed');
  bot.pipeline.put(made);
  bot.pipeline.setVersions([{ ...aVersion(7), runId: made.id }, aVersion(6), aVersion(5)]);
});

afterEach(async () => {
  const problems = [...bot.slack.problems];
  await bot.close();
  expect(problems).toEqual([]);
});

/** Value of the element with that action in the last private answer. */
function lastValue(actionId: string): string {
  const json = JSON.stringify(bot.slack.privateAnswers.at(-1)?.blocks ?? []);
  const blocks = JSON.parse(json) as { elements?: { action_id?: string; value?: string }[] }[];
  const element = blocks
    .flatMap(({ elements = [] }) => elements)
    .find(({ action_id }) => action_id === actionId);
  return element?.value ?? '';
}

const chosen = JSON.stringify(['spam', 7, 6, 'slack:the-trigger']);

describe('/mlops promote without a version', () => {
  it('offers the versions that are not live, with scores, verdict and age', async () => {
    const answer = await bot.command('U0ADA', 'promote spam');

    expect(answer).toContain('Which version of spam shall go into production?');
    expect(answer).toContain('v7 · Macro-F1 0.938');
    expect(answer).not.toContain('v6 ·');
    expect(bot.pipeline.started).toEqual([]);
  });

  it('shows what changes, then asks the approvers once', async () => {
    const diff = await bot.choose('U0ADA', actionIds.promoteChoose, chosen, { isPrivate: true });
    const value = lastValue(actionIds.promoteConfirm);
    const place = { isPrivate: true, entered: { reason: ' v6 misses phishing ' } };
    await bot.click('U0ADA', actionIds.promoteConfirm, value, place);
    const again = await bot.click('U0ADA', actionIds.promoteConfirm, value, place);

    expect(diff).toContain('spam v6 → v7');
    expect(diff).toContain('Both scored on the same held-out rows.');
    expect(diff).toMatch(/Macro-F1 +0\.938 +0\.952 +\+1\.4 points/);
    expect(diff).toContain('[Ask for approval of v7]');
    expect(bot.slack.privateAnswers[0]?.replaces).toBe(true);
    expect(bot.pipeline.started).toMatchObject([
      { kind: 'promote', version: 7, reason: 'v6 misses phishing' },
    ]);
    expect(again).toContain('was started before');
  });

  it('does not go on when production changed after the comparison', async () => {
    await bot.choose('U0ADA', actionIds.promoteChoose, chosen, { isPrivate: true });
    const value = lastValue(actionIds.promoteConfirm);
    bot.pipeline.setProduction(5, 'spam-live', 4);

    const answer = await bot.click('U0ADA', actionIds.promoteConfirm, value);

    expect(answer).toContain('Production of spam has changed since you compared: it is v5 now.');
    expect(bot.pipeline.started).toEqual([]);
  });

  it('is refused to people without rights, also at the button', async () => {
    expect(await bot.command('U0KIT', 'promote spam')).toContain('Only operators may promote');
    const answer = await bot.click('U0KIT', actionIds.promoteConfirm, chosen);
    expect(answer).toContain('Only operators may promote');
    expect(bot.pipeline.started).toEqual([]);
  });

  it.each(['', 'nonsense', '[]', '["spam","7",6,"x"]'])('survives the value %j', async (value) => {
    expect(await bot.choose('U0ADA', actionIds.promoteChoose, value)).toContain('too old');
  });
});

describe('/mlops diff', () => {
  it('compares with production when one version is named', async () => {
    const answer = await bot.command('U0KIT', 'diff spam 7');

    expect(answer).toContain('spam v6 → v7');
    expect(answer).toMatch(/F1 ham/);
  });

  it('says when the rows were others, and which version there is not', async () => {
    const older = { ...aVersion(5), datasetVersion: 'ffffffffffff' };
    bot.pipeline.setVersions([aVersion(6), older]);

    expect(await bot.command('U0KIT', 'diff spam 5 6')).toContain('different held-out rows');
    expect(await bot.command('U0KIT', 'diff spam 5 9')).toContain('It has: v6, v5.');
  });
});

describe('the thread of a promotion', () => {
  it('shows what changes before anybody is asked', async () => {
    const run = { ...sample('promote waits'), evaluatedAgainst: 5 };
    bot.pipeline.put(run);
    bot.announcer.onEvent(run.id);
    await bot.announcer.idle();

    const [root] = bot.slack.roots();
    const texts = bot.slack.threadOf(root?.ts ?? '').map(({ text }) => text);
    expect(texts[0]).toBe('spam v5 → v6: what changes');
    expect(texts[1]).toContain('waits for approval');
  });
});

describe('diffMessage', () => {
  it.each(nastyNames.map((_, index) => index))('keeps Slack’s limits with name %i', (index) => {
    const name = nastyNames[index] ?? '';
    const made = (value: number, version: number) => ({
      version: {
        ...aVersion(version),
        metrics: Object.fromEntries(nastyNames.map((each, n) => [`${each}${n}`, value])),
      },
      run: {
        ...sample('deployed'),
        evaluatedAgainst: null,
        dataset: { key: 'k', fileName: name, version: `${version}`.repeat(12), bytes: 1 },
        training: null,
        hyperparameters: Object.fromEntries(
          Array.from({ length: 30 }, (_, n) => [`${name}${n}`, `${name}${value}`]),
        ),
      },
    });
    const diff = diffMessage(compareVersions(made(0.1, 6), made(0.9, 7)));
    const asked = promotionQuestion(
      { model: 'a'.repeat(20), version: 7, live: 6, requestId: 'r'.repeat(60) },
      diff,
    );

    expect(messageProblems(diff)).toEqual([]);
    expect(messageProblems(asked)).toEqual([]);
    expect(plainText(diff)).toContain('and 22 more settings');
  });
});
