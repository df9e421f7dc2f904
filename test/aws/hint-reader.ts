import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type Moto, testCredentials, testRegion } from './moto.ts';

/** A queue before the announcing function, and what lies in it. */
export async function createHintReader(moto: Moto, name: string) {
  const client = new SQSClient({
    region: testRegion,
    endpoint: moto.endpoint(),
    credentials: testCredentials,
  });
  const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName: name }));

  return {
    client,
    queueUrl: QueueUrl,
    /** Takes everything out, in order. */
    async read(): Promise<readonly unknown[]> {
      const hints: unknown[] = [];
      for (;;) {
        const { Messages = [] } = await client.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
        );
        if (Messages.length === 0) return hints;
        for (const { Body = '', ReceiptHandle } of Messages) {
          hints.push(JSON.parse(Body));
          await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }
      }
    },
  };
}
