import { createDynamoDocumentStore } from '../../pipeline/aws/dynamo-document-store.ts';
import {
  type AnnouncementQueue,
  createAnnouncementQueue,
} from '../../pipeline/aws/lambda/announcement-queue.ts';
import { compose, type Environment, required } from '../../pipeline/aws/lambda/compose.ts';
import { readSecrets } from '../../pipeline/aws/lambda/slack-secrets.ts';
import type { Telemetry } from '../../pipeline/aws/lambda/telemetry.ts';
import type { Announcement } from '../announcer/announcement-store.ts';
import { createBot, type SlackBot } from '../create-bot.ts';
import { toAnnouncementStore } from './document-announcement-store.ts';

/** The bot over the adapters of AWS; its secrets are read when it is opened. */
export function composeBot(
  service: string,
  environment: Environment,
  folder: string,
): {
  readonly telemetry: Telemetry;
  readonly queue: AnnouncementQueue;
  open(options: { readonly withSigningSecret: boolean }): Promise<SlackBot>;
} {
  const { settings, clients, deps, pipeline, telemetry } = compose(service, environment, folder);
  const { region, tableName } = settings;
  const botToken = required(environment, 'MLOPS_SLACK_BOT_TOKEN');
  const signingSecret = required(environment, 'MLOPS_SLACK_SIGNING_SECRET');
  const queue = createAnnouncementQueue({
    region,
    queueUrl: required(environment, 'MLOPS_ANNOUNCEMENTS_QUEUE'),
  });
  const documents = createDynamoDocumentStore<Announcement>({ client: clients.dynamo, tableName });

  return {
    telemetry,
    queue,
    async open({ withSigningSecret }) {
      const secrets = await readSecrets<'botToken' | 'signingSecret'>({
        region,
        parameters: withSigningSecret
          ? { botToken, signingSecret }
          : ({ botToken } as Record<'botToken' | 'signingSecret', string>),
      });
      return createBot({
        config: deps.config,
        pipeline,
        slack: {
          botToken: secrets.botToken,
          signingSecret: withSigningSecret ? secrets.signingSecret : null,
        },
        announcements: toAnnouncementStore(documents),
        clock: deps.clock,
        log: telemetry.log,
        cards: {
          onEvent: (runId, { redraw = false } = {}) => queue.send({ kind: 'run', runId, redraw }),
          onIncident: (incidentId, { redraw = false } = {}) =>
            queue.send({ kind: 'incident', incidentId, redraw }),
        },
      });
    },
  };
}
