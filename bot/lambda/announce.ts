// Brings the cards and threads in Slack up to date, for hints from the queue.
import { required } from '../../pipeline/aws/lambda/environment.ts';
import { readSecrets } from '../../pipeline/aws/lambda/slack-secrets.ts';
import { createAnnounceEntry } from '../adapters/aws/create-announce-entry.ts';
import { createSlackAnnouncer } from '../announcer/create-slack-announcer.ts';
import { composeSlack } from './compose-slack.ts';

const { telemetry, queue, parts } = composeSlack('announce', process.env, import.meta.dirname);

export const handler = createAnnounceEntry({
  telemetry,
  open: async () =>
    createSlackAnnouncer({
      ...parts,
      slack: await readSecrets({
        environment: process.env,
        parameters: { botToken: required(process.env, 'MLOPS_SLACK_BOT_TOKEN') },
      }),
    }),
  retryIn: queue.retryIn,
  random: Math.random,
});
