import { createDynamoDocumentStore } from '../../pipeline/aws/dynamo-document-store.ts';
import { itemKeys } from '../../pipeline/aws/dynamo-table.ts';
import {
  type AnnouncementQueue,
  createAnnouncementQueue,
} from '../../pipeline/aws/lambda/announcement-queue.ts';
import { compose } from '../../pipeline/aws/lambda/compose.ts';
import { type Environment, required } from '../../pipeline/aws/lambda/environment.ts';
import { invokeLater } from '../../pipeline/aws/lambda/invoke-later.ts';
import type { Telemetry } from '../../pipeline/aws/lambda/telemetry.ts';
import { keys } from '../../pipeline/core/names.ts';
import { toAnnouncementStore } from '../adapters/aws/document-announcement-store.ts';
import { toPreferenceStore } from '../adapters/aws/document-preference-store.ts';
import type { Announcement } from '../announcer/announcement-store.ts';
import type { AnnouncerOptions } from '../announcer/create-slack-announcer.ts';
import type { DatasetInbox } from '../interaction/bot.ts';
import type { Preference, PreferenceStore } from '../web-api/preference-store.ts';

/** The parts of the bot over AWS adapters, shared by the functions that talk to Slack. */
export function composeSlack(
  service: string,
  environment: Environment,
  folder: string,
  options: Parameters<typeof compose>[3] = {},
): {
  /** Starts another invocation of a function with the event. */
  readonly invokeLater: (functionName: string, event: object) => Promise<void>;
  readonly telemetry: Telemetry;
  readonly queue: AnnouncementQueue;
  /** Files from Slack have an inbox of their own, which says who shared them; they start a run. */
  readonly datasets: DatasetInbox;
  readonly parts: Omit<AnnouncerOptions, 'slack'> & { readonly preferences: PreferenceStore };
} {
  const { settings, clients, deps, pipeline, telemetry } = compose(
    service,
    environment,
    folder,
    options,
  );
  const { region, tableName } = settings;
  const documents = createDynamoDocumentStore<Announcement>({ client: clients.dynamo, tableName });
  const preferences = createDynamoDocumentStore<Preference>(
    { client: clients.dynamo, tableName },
    itemKeys.preference,
  );
  return {
    invokeLater: (functionName, event) => invokeLater(clients.lambda, functionName, event),
    telemetry,
    queue: createAnnouncementQueue({
      region,
      queueUrl: required(environment, 'MLOPS_ANNOUNCEMENTS_QUEUE'),
    }),
    datasets: {
      async take({ model, fileName, body, by, newFile }) {
        await deps.artifacts.putStream(keys.slackInbox(model, fileName, by, newFile), body);
        return { message: 'Its run starts in a moment.' };
      },
    },
    parts: {
      config: deps.config,
      pipeline,
      announcements: toAnnouncementStore(documents),
      preferences: toPreferenceStore(preferences),
      clock: deps.clock,
      log: telemetry.log,
    },
  };
}
