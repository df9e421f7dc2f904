// Brings the cards and threads in Slack up to date, for hints from the queue.
import { required } from '../../pipeline/aws/lambda/environment.ts';
import { readSecrets } from '../../pipeline/aws/lambda/slack-secrets.ts';
import { createAnnounceEntry } from '../adapters/aws/create-announce-entry.ts';
import { createSlackAnnouncer } from '../announcer/create-slack-announcer.ts';
import { ratesSharedBy } from '../announcer/slack-pace.ts';
import { composeSlack } from './compose-slack.ts';

const { telemetry, queue, parts } = composeSlack('announce', process.env, import.meta.dirname);
/** `maxConcurrency` of the queue in infra/stacks/service-stack.ts. */
const MOST_AT_ONCE = 2;

export const handler = createAnnounceEntry({
  telemetry,
  open: async () =>
    createSlackAnnouncer({
      ...parts,
      slack: await readSecrets({
        environment: process.env,
        parameters: { botToken: required(process.env, 'MLOPS_SLACK_BOT_TOKEN') },
      }),
      rates: ratesSharedBy(MOST_AT_ONCE),
    }),
  retryIn: queue.retryIn,
  random: Math.random,
});
