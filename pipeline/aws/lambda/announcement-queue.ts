import { ChangeMessageVisibilityCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

/** What the queue of the announcing function may hold besides domain events. */
export type AnnouncementHint =
  | { readonly kind: 'run'; readonly runId: string; readonly redraw: boolean }
  | { readonly kind: 'alert'; readonly alertId: string; readonly redraw: boolean }
  | {
      readonly kind: 'file_ignored';
      readonly key: string;
      readonly fileName: string;
      readonly reason: string;
    }
  | {
      readonly kind: 'retrain_refused';
      readonly key: string;
      readonly model: string;
      readonly reason: string;
      readonly hint: string | null;
    };

export interface AnnouncementQueue {
  send(hint: AnnouncementHint): Promise<void>;
  /** Delivers a message that could not be handled again after so many seconds (at most 12 h). */
  retryIn(receiptHandle: string, seconds: number): Promise<void>;
}

const TIMEOUT_MILLISECONDS = 2_000;

/** Sends announcements for functions without access to Slack; makes its own client unless given. */
export function createAnnouncementQueue(options: {
  readonly region: string;
  readonly queueUrl: string;
  readonly client?: SQSClient;
}): AnnouncementQueue {
  const { region, queueUrl, client = createClient(region) } = options;
  return {
    async send(hint) {
      await client.send(
        new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(hint) }),
      );
    },
    async retryIn(receiptHandle, seconds) {
      await client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: Math.min(Math.ceil(seconds), 43_200),
        }),
      );
    },
  };
}

function createClient(region: string): SQSClient {
  return new SQSClient({
    region,
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: TIMEOUT_MILLISECONDS,
      requestTimeout: TIMEOUT_MILLISECONDS,
      throwOnRequestTimeout: true,
    },
  });
}
