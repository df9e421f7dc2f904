import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { CallbackStore } from '../core/ports.ts';
import type { DynamoTable } from './dynamo-records.ts';
import { type CallbackItem, itemKeys } from './dynamo-table.ts';

/** {@link CallbackStore} in DynamoDB: one item a run, read consistently. */
export function createDynamoCallbackStore({ client, tableName }: DynamoTable): CallbackStore {
  return {
    async park(runId, callbackId) {
      const Item: CallbackItem = { ...itemKeys.callback(runId), callbackId };
      await client.send(new PutCommand({ TableName: tableName, Item }));
    },
    async parked(runId) {
      const { Item } = await client.send(
        new GetCommand({
          TableName: tableName,
          Key: itemKeys.callback(runId),
          ConsistentRead: true,
        }),
      );
      return (Item as CallbackItem | undefined)?.callbackId ?? null;
    },
  };
}
