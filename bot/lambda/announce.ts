// Brings the cards and threads in Slack up to date, for hints from the queue.
import { readSecrets } from '../../pipeline/aws/lambda/slack-secrets.ts';
import { createSlackAnnouncer } from '../announcer/create-slack-announcer.ts';
import { ratesSharedBy } from '../announcer/slack-pace.ts';
import { composeSlack } from './compose-slack.ts';
import { createAnnounceEntry } from './create-announce-entry.ts';

const { telemetry, queue, parts, region, parameters } = composeSlack(
  'announce',
  process.env,
  import.meta.dirname,
);
const { botToken } = parameters;
/** `maxConcurrency` of the queue in infra/stacks/service-stack.ts. */
const MOST_AT_ONCE = 2;

export const handler = createAnnounceEntry({
  telemetry,
  open: async () =>
    createSlackAnnouncer({
      ...parts,
      slack: await readSecrets({ region, parameters: { botToken } }),
      rates: ratesSharedBy(MOST_AT_ONCE),
    }),
  retryIn: queue.retryIn,
  random: Math.random,
});
