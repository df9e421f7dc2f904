import { plainText } from '../../bot/blocks/plain-text.ts';
import type { BotHarness } from './bot-harness.ts';
import { sample } from './sample.ts';

/** Tells of sample runs through the bot of the present test, and reads what stands in Slack. */
export function announcingOf(present: () => BotHarness) {
  const root = () => present().slack.roots()[0];
  return {
    /** One state after the other, each told before the next happens. */
    async tell(...names: readonly string[]): Promise<void> {
      const { pipeline, announcer } = present();
      for (const name of names) {
        const run = sample(name);
        pipeline.put(run);
        announcer.onEvent(run.id);
        await announcer.idle();
      }
    },
    rootText: () => plainText(root() as never),
    /** The keys of the entries in the first thread. */
    keys: () =>
      present()
        .slack.threadOf(root()?.ts ?? '')
        .map(({ metadata }) => metadata?.event_payload.key),
  };
}
