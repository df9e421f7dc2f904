import type { SQSRecord } from 'aws-lambda';
import { onTestFinished } from 'vitest';
import { createAnnounceEntry } from '../../../bot/adapters/aws/create-announce-entry.ts';
import { toAnnouncementStore } from '../../../bot/adapters/aws/document-announcement-store.ts';
import type { Announcement } from '../../../bot/announcer/announcement-store.ts';
import { createSlackAnnouncer } from '../../../bot/announcer/create-slack-announcer.ts';
import { unlimitedRates } from '../../../bot/announcer/slack-pace.ts';
import { announceAttempts } from '../../../infra/names.ts';
import { createDynamoDocumentStore } from '../../../pipeline/aws/dynamo-document-store.ts';
import type { DynamoTable } from '../../../pipeline/aws/dynamo-records.ts';
import type { Config } from '../../../pipeline/core/config.ts';
import type { Pipeline } from '../../../pipeline/core/pipeline.ts';
import type { Clock } from '../../../pipeline/core/ports.ts';
import type { Scheduler } from '../../../pipeline/local/durable/alarm.ts';
import { createFakeSlack } from '../../bot/fake-slack.ts';
import { silentTelemetry } from '../../infra/silent-telemetry.ts';
import type { Outage } from './outage.ts';

interface Queued {
  readonly id: string;
  readonly body: string;
  receives: number;
  /** Seconds until the next delivery, as the function asked for; null: the queue's own pause. */
  pause: number | null;
}

/** `visibilityTimeout` of the queue: six times the time-out of its function, and its batches. */
const VISIBILITY_SECONDS = 361;

/**
 * The queue before the announcing function, that function, and a Slack that does not answer in its
 * outage. The queue is one in memory, whose messages become visible by the clock of the drill and go
 * to the dead letters after as many deliveries as in the stack.
 */
export async function createSlackSide(options: {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly outage: Outage;
  readonly config: Config;
  readonly pipeline: Pipeline;
  readonly table: DynamoTable;
}) {
  const { clock, scheduler, outage, config, pipeline, table } = options;
  const slack = await createFakeSlack();
  slack.setMood(() => (outage.isOut('Slack') ? { kind: 'down' } : undefined));
  const announcer = createSlackAnnouncer({
    config,
    pipeline,
    slack: { botToken: 'xoxb-drill', apiUrl: slack.apiUrl },
    announcements: toAnnouncementStore(createDynamoDocumentStore<Announcement>(table)),
    clock,
    log: () => {},
    pace: { wait: async () => {}, random: () => 0 },
    rates: unlimitedRates,
  });
  const inFlight = new Map<string, Queued>();
  const entry = createAnnounceEntry({
    telemetry: silentTelemetry(),
    open: async () => announcer,
    retryIn: async (handle, seconds) => {
      const message = inFlight.get(handle);
      if (message !== undefined) message.pause = seconds;
    },
    random: () => 0,
  });
  const deadLetters: string[] = [];
  let waiting = 0;
  let deliveries: Promise<void> = Promise.resolve();
  let sent = 0;

  async function deliver(message: Queued): Promise<void> {
    message.receives += 1;
    message.pause = null;
    inFlight.set(message.id, message);
    const { batchItemFailures } = await entry(
      { Records: [recordOf(message)] },
      { getRemainingTimeInMillis: () => 60_000 },
    );
    inFlight.delete(message.id);
    if (batchItemFailures.length === 0) return;
    if (message.receives >= announceAttempts) {
      deadLetters.push(message.body);
      return;
    }
    waiting += 1;
    scheduler.setTimeout(
      () => {
        waiting -= 1;
        enqueue(message);
      },
      (message.pause ?? VISIBILITY_SECONDS) * 1_000,
    );
  }

  function enqueue(message: Queued): void {
    deliveries = deliveries.then(() => deliver(message));
  }

  onTestFinished(async () => {
    await announcer.close();
    await slack.close();
  });

  return {
    slack,
    deadLetters,
    /** Puts a hint or a domain event into the queue. */
    send(hint: object): void {
      sent += 1;
      enqueue({ id: `hint-${sent}`, body: JSON.stringify(hint), receives: 0, pause: null });
    },
    /** Resolves when nothing can be delivered without time passing. */
    async idle(): Promise<void> {
      for (let before: Promise<void> | null = null; before !== deliveries; ) {
        before = deliveries;
        await before;
      }
    },
    /** Whether the queue is empty. */
    isQuiet: () => waiting === 0,
  };
}

function recordOf({ id, body, receives }: Queued): SQSRecord {
  const attributes = { ApproximateReceiveCount: String(receives) };
  return { messageId: id, receiptHandle: id, body, attributes } as unknown as SQSRecord;
}
