import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Wakeups } from '../core/ports.ts';
import type { DynamoTable } from './dynamo-records.ts';
import { itemKeys, type WakeupItem } from './dynamo-table.ts';

/** {@link Wakeups} in DynamoDB: one item a run, read consistently. */
export function createDynamoWakeups({ client, tableName }: DynamoTable): Wakeups {
  return {
    async park(runId, callbackId) {
      const Item: WakeupItem = { ...itemKeys.wakeup(runId), callbackId };
      await client.send(new PutCommand({ TableName: tableName, Item }));
    },
    async parked(runId) {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: itemKeys.wakeup(runId), ConsistentRead: true }),
      );
      return (Item as WakeupItem | undefined)?.callbackId ?? null;
    },
  };
}
