// Brings the cards and threads in Slack up to date, for hints from the queue.
import { readSecrets } from '../../pipeline/aws/lambda/slack-secrets.ts';
import { createAnnounceEntry } from '../adapters/aws/create-announce-entry.ts';
import { createSlackAnnouncer } from '../announcer/create-slack-announcer.ts';
import { composeSlack } from './compose-slack.ts';

const { telemetry, queue, parts, region, parameters } = composeSlack(
  'announce',
  process.env,
  import.meta.dirname,
);
const { botToken } = parameters;

export const handler = createAnnounceEntry({
  telemetry,
  open: async () =>
    createSlackAnnouncer({
      ...parts,
      slack: await readSecrets({ region, parameters: { botToken } }),
    }),
  retryIn: queue.retryIn,
  random: Math.random,
});
