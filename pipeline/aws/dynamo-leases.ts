import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { MlopsError } from '../core/errors.ts';
import type { Leases } from '../core/ports.ts';
import type { RunId } from '../core/run.ts';
import type { DynamoTable } from './dynamo-records.ts';
import { type ItemKey, itemKeys, type LeaseItem, type RunItem } from './dynamo-table.ts';

/** Each round lost means that another writer won one. */
const MAX_ATTEMPTS = 20;

/**
 * {@link Leases} in DynamoDB. A lease has no time limit: it ends with its run. One whose holder has
 * ended, or is not in this table, is taken over in a transaction that checks both again.
 * @throws {MlopsError} `CONFLICT` (retryable) when others kept winning.
 */
export function createDynamoLeases({ client, tableName }: DynamoTable): Leases {
  const table = { TableName: tableName } as const;

  /** Takes a free lease or keeps its own; false when another run holds it. */
  async function take(model: string, runId: RunId): Promise<boolean> {
    try {
      await client.send(
        new PutCommand({
          ...table,
          Item: leaseItem(model, runId),
          ConditionExpression: 'attribute_not_exists(pk) OR runId = :me',
          ExpressionAttributeValues: { ':me': runId },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  async function read<T>(key: ItemKey): Promise<T | undefined> {
    const { Item } = await client.send(
      new GetCommand({ ...table, Key: { ...key }, ConsistentRead: true }),
    );
    return Item as T | undefined;
  }

  /** Takes the lease from `holder`, if it still has it and still does not run. */
  async function takeOver(model: string, runId: RunId, holder: RunId): Promise<boolean> {
    try {
      await client.send(
        new TransactWriteCommand({
          TransactItems: [
            {
              Put: {
                ...table,
                Item: leaseItem(model, runId),
                ConditionExpression: 'runId = :holder',
                ExpressionAttributeValues: { ':holder': holder },
              },
            },
            {
              ConditionCheck: {
                ...table,
                Key: itemKeys.run(holder),
                ConditionExpression: 'attribute_not_exists(pk) OR #state = :ended',
                ExpressionAttributeNames: { '#state': 'state' },
                ExpressionAttributeValues: { ':ended': 'ended' },
              },
            },
          ],
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof TransactionCanceledException) return false;
      throw error;
    }
  }

  return {
    async acquire(model, runId) {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        if (await take(model, runId)) return runId;
        const holder = (await read<LeaseItem>(itemKeys.lease(model)))?.runId;
        if (holder === undefined) continue;
        if (holder === runId) return runId;
        const run = await read<RunItem>(itemKeys.run(holder));
        if (run?.state === 'active') return holder;
        if (await takeOver(model, runId, holder)) return runId;
      }
      throw new MlopsError('CONFLICT', `The deployment lease of ${model} is contended.`, {
        retryable: true,
      });
    },
    async release(model, runId) {
      try {
        await client.send(
          new DeleteCommand({
            ...table,
            Key: itemKeys.lease(model),
            ConditionExpression: 'runId = :me',
            ExpressionAttributeValues: { ':me': runId },
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}

function leaseItem(model: string, runId: RunId): LeaseItem {
  return { ...itemKeys.lease(model), runId };
}
