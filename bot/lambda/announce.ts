// Hints from the queue become cards and threads in Slack.
import { composeBot } from './compose-bot.ts';
import { createAnnounceEntry } from './create-announce-entry.ts';

const { telemetry, queue, open } = composeBot('announce', process.env, import.meta.dirname);

export const handler = createAnnounceEntry({
  telemetry,
  open: async () => (await open({ withSigningSecret: false })).announcer,
  retryIn: queue.retryIn,
  random: Math.random,
});
