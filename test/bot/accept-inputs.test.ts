import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { anObservation } from '../fakes/alert-samples.ts';
import { type AlertHarness, createAlertHarness } from './alert-harness.ts';

let bot: AlertHarness;

beforeEach(async () => {
  bot = await createAlertHarness();
});

afterEach(async () => {
  const problems = [...bot.slack.problems];
  await bot.close();
  expect(problems).toEqual([]);
});

/** Opens an alert because the inputs of spam v6 have changed. */
async function drift(): Promise<string> {
  bot.clock.advance(60);
  const observation = anObservation({
    at: bot.clock.now().toISOString(),
    value: 0.38,
    threshold: 0.1,
    isBreach: true,
    source: {
      kind: 'inputs',
      configName: 'spam-v6',
      moved: ['words'],
      histogram: { name: 'words', bins: ['≤ 40', '> 40'], reference: [200, 200], now: [20, 380] },
    },
  });
  const change = { type: 'observed', observation, needed: 1, rollbackTo: null } as const;
  const alert = await bot.pipeline.happenTo('spam', 'input_drift', change);
  await bot.announcer.idle();
  return alert?.id ?? '';
}

describe('“These inputs are normal”', () => {
  it('ends the alert and says who said so', async () => {
    const id = await drift();

    expect(await bot.pressed('U0ADA', actionIds.acceptInputs, id)).toBeNull();

    expect(bot.card()).toContain('its inputs are normal now');
    expect(bot.card()).toContain('Ada said so');
    expect(bot.card()).not.toContain('[These inputs are normal]');
    expect(bot.entries()).toContain('ended');
    expect(await bot.pipeline.audit.list({})).toMatchObject([
      { action: 'accept-inputs', by: { name: 'Ada' }, what: id, outcome: { kind: 'ok' } },
    ]);
  });

  it('is refused to people without rights, and once the alert is over', async () => {
    const id = await drift();

    expect(await bot.pressed('U0KIT', actionIds.acceptInputs, id)).toContain('you are neither');
    await bot.pressed('U0ADA', actionIds.acceptInputs, id);
    expect(await bot.pressed('U0GRACE', actionIds.acceptInputs, id)).toContain('no longer open');

    expect(bot.card()).toContain('Ada said so');
  });

  it('is not offered for other alerts', async () => {
    await bot.look(true);

    expect(bot.card()).not.toContain('[These inputs are normal]');
  });
});
