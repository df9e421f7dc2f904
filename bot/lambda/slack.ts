// What Slack sends. The bot answers within 3 s, cold starts included; whatever takes longer goes
// through the queue before the announcing function, or on as a durable execution.

import { composeBot } from './compose-bot.ts';
import { createSlackEntry } from './create-slack-entry.ts';

const composed = composeBot('slack', process.env, import.meta.dirname);

export const handler = createSlackEntry({
  telemetry: composed.telemetry,
  open: async () => (await composed.open({ withSigningSecret: true })).handler,
});
