import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { MlopsError } from '../core/errors.ts';
import type { IndexKeys, IndexPart, ItemKey, RecordItem } from './dynamo-table.ts';

/** BatchGetItem takes at most so many keys. */
const BATCH_KEYS = 100;
const MAX_BATCH_ATTEMPTS = 8;

export interface DynamoTable {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}

interface ListOptions {
  readonly limit: number;
  /** An attribute that entries must have in the index. */
  readonly having?: string;
  /** The least `createdOrder`. */
  readonly from?: string | undefined;
  /** Only what stands before this in `createdOrder`. */
  readonly before?: string | undefined;
}

type IndexEntry = ItemKey & Pick<IndexKeys, 'createdOrder'>;

/** What the stores of records share: conditional writes, consistent reads, lists by index. */
export function createDynamoRecords({ client, tableName }: DynamoTable) {
  const table = { TableName: tableName } as const;

  async function put(Item: object, condition: object): Promise<boolean> {
    try {
      await client.send(new PutCommand({ ...table, Item: { ...Item }, ...condition }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  /** The newest entries of one part; each call reads at most 1 MB of them. */
  async function newest(part: IndexPart, options: ListOptions) {
    const { limit, having, before } = options;
    const { condition, values } = rangeCondition(options);
    const found: IndexEntry[] = [];
    let from: Record<string, unknown> | undefined;
    do {
      const page = await client.send(
        new QueryCommand({
          ...table,
          IndexName: part.index,
          KeyConditionExpression: `#part = :part${condition}`,
          ExpressionAttributeNames: {
            '#part': part.attribute,
            ...(having === undefined ? {} : { '#having': having }),
          },
          ExpressionAttributeValues: { ':part': part.value, ...values },
          // DynamoDB counts a limit before the filter: it would only make more, emptier pages.
          ...(having === undefined
            ? { Limit: limit }
            : { FilterExpression: 'attribute_exists(#having)' }),
          ScanIndexForward: false,
          ExclusiveStartKey: from,
        }),
      );
      const entries = (page.Items ?? []) as IndexEntry[];
      found.push(...entries.filter(({ createdOrder }) => createdOrder !== before));
      from = page.LastEvaluatedKey;
    } while (from !== undefined && found.length < limit);
    return found;
  }

  async function read(keys: readonly ItemKey[]): Promise<ReadonlyMap<string, RecordItem>> {
    const items = new Map<string, RecordItem>();
    for (let start = 0; start < keys.length; start += BATCH_KEYS) {
      let Keys: Record<string, unknown>[] = keys
        .slice(start, start + BATCH_KEYS)
        .map(({ pk, sk }) => ({ pk, sk }));
      for (let attempt = 0; Keys.length > 0; attempt++) {
        if (attempt === MAX_BATCH_ATTEMPTS) {
          throw new MlopsError('CONFLICT', 'The table is busy.', { retryable: true });
        }
        const { Responses, UnprocessedKeys } = await client.send(
          new BatchGetCommand({ RequestItems: { [tableName]: { Keys, ConsistentRead: true } } }),
        );
        for (const item of (Responses?.[tableName] ?? []) as RecordItem[]) {
          items.set(idOf(item), item);
        }
        Keys = UnprocessedKeys?.[tableName]?.Keys ?? [];
      }
    }
    return items;
  }

  return {
    create: (item: RecordItem & Partial<IndexKeys>) =>
      put(item, { ConditionExpression: 'attribute_not_exists(pk)' }),
    /** Only over the revision before its own. */
    replace: (item: RecordItem & Partial<IndexKeys>) =>
      put(item, {
        ConditionExpression: 'revision = :previous',
        ExpressionAttributeValues: { ':previous': item.revision - 1 },
      }),
    async get<T>(Key: ItemKey): Promise<T | null> {
      const { Item } = await client.send(
        new GetCommand({ ...table, Key: { ...Key }, ConsistentRead: true }),
      );
      return Item === undefined ? null : toDocument<T>(Item as RecordItem);
    },
    /** The one with the largest sort key of a partition. */
    async last<T>(pk: string): Promise<T | null> {
      const { Items = [] } = await client.send(
        new QueryCommand({
          ...table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': pk },
          ScanIndexForward: false,
          ConsistentRead: true,
          Limit: 1,
        }),
      );
      return Items[0] === undefined ? null : toDocument<T>(Items[0] as RecordItem);
    },
    /**
     * The newest records over several parts, as they are now, in the order of the index; only those
     * the index shows `having` an attribute, when one is named.
     */
    async list<T>(parts: readonly IndexPart[], options: ListOptions): Promise<readonly T[]> {
      const { limit } = options;
      const found = await Promise.all(parts.map((part) => newest(part, options)));
      // What moves from one part to the other between the two queries is in both.
      const entries = [...new Map(found.flat().map((entry) => [idOf(entry), entry])).values()]
        .sort((a, b) => (a.createdOrder < b.createdOrder ? 1 : -1))
        .slice(0, limit);
      const items = await read(entries);
      return entries.flatMap((entry) => {
        const item = items.get(idOf(entry));
        return item === undefined ? [] : [toDocument<T>(item)];
      });
    },
  };
}

/** DynamoDB takes one comparison of the range key, and one with two ends includes both. */
function rangeCondition({ from, before }: Pick<ListOptions, 'from' | 'before'>) {
  if (from !== undefined && before !== undefined) {
    const values = { ':from': from, ':before': before };
    return { condition: ' AND createdOrder BETWEEN :from AND :before', values };
  }
  if (before !== undefined) {
    return { condition: ' AND createdOrder < :before', values: { ':before': before } };
  }
  return from === undefined
    ? { condition: '', values: {} }
    : { condition: ' AND createdOrder >= :from', values: { ':from': from } };
}

function idOf({ pk, sk }: ItemKey): string {
  return `${pk} ${sk}`;
}

function toDocument<T>({ document }: Pick<RecordItem, 'document'>): T {
  return JSON.parse(document);
}
