// Requests from Slack, answered within 3 s, cold starts included. Longer work goes to the queue of
// the announcing function or to a durable execution.

import { readSecrets } from '../../pipeline/aws/lambda/slack-secrets.ts';
import { createSlackEntry } from '../adapters/aws/create-slack-entry.ts';
import { createBot } from '../create-bot.ts';
import { composeSlack } from './compose-slack.ts';

const { telemetry, queue, parts, region, parameters } = composeSlack(
  'slack',
  process.env,
  import.meta.dirname,
);

export const handler = createSlackEntry({
  telemetry,
  open: async () => {
    const slack = await readSecrets({ region, parameters });
    const { handler } = createBot({
      ...parts,
      slack,
      cards: {
        onEvent: (runId, { redraw = false } = {}) => queue.send({ kind: 'run', runId, redraw }),
        onAlert: (alertId, { redraw = false } = {}) =>
          queue.send({ kind: 'alert', alertId, redraw }),
      },
    });
    return handler;
  },
});
