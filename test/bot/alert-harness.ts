import { plainText } from '../../bot/blocks/plain-text.ts';
import type { Alert } from '../../pipeline/core/alert/alert.ts';
import { anObservation } from '../fakes/alert-samples.ts';
import { createBotHarness } from './bot-harness.ts';

export type AlertHarness = Awaited<ReturnType<typeof createAlertHarness>>;

/** The bot, and the one figure of spam v6 that its alerts are about. */
export async function createAlertHarness(
  options: Pick<NonNullable<Parameters<typeof createBotHarness>[0]>, 'announcements'> = {},
) {
  const bot = await createBotHarness(options);
  bot.pipeline.onAlertChange((id) => bot.announcer.onAlert(id));
  bot.pipeline.onChange((id) => bot.announcer.onEvent(id));

  /** A look at Macro-F1 of spam v6, as far as it is below what was expected. */
  async function look(isBreach: boolean): Promise<Alert> {
    bot.clock.advance(60);
    const alert = await bot.pipeline.happenTo('spam', 'metric', {
      type: 'observed',
      observation: anObservation({
        at: bot.clock.now().toISOString(),
        value: isBreach ? 0.861 : 0.94,
        isBreach,
      }),
      needed: 1,
      rollbackTo: 5,
    });
    await bot.announcer.idle();
    if (alert === null) throw new Error('There is no alert.');
    return alert;
  }

  const alerts = () =>
    bot.slack.roots().filter(({ metadata }) => metadata?.event_type === 'mlops_incident');
  const card = () => plainText(alerts()[0] as never);
  const entries = () =>
    bot.slack.threadOf(alerts()[0]?.ts ?? '').map(({ metadata }) => metadata?.event_payload.key);

  async function pressed(user: string, action: string, value: string): Promise<string | null> {
    const answer = await bot.click(user, action, value);
    await bot.announcer.idle();
    return answer;
  }

  return { ...bot, look, alerts, card, entries, pressed };
}
