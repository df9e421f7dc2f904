import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { createDynamoRecords, type DynamoTable } from './dynamo-records.ts';
import { type ItemKey, itemKeys, type RecordItem } from './dynamo-table.ts';

/** Small JSON documents with revisions, e.g. what was posted to Slack about a run. */
export interface DocumentStore<T> {
  get(id: string): Promise<{ readonly document: T; readonly revision: number } | null>;
  /**
   * Writes revision `expectedRevision + 1`, only over `expectedRevision` (0: there is none yet).
   * False, and nothing changed, when another writer was first.
   */
  put(id: string, document: T, expectedRevision: number): Promise<boolean>;
}

/**
 * {@link DocumentStore} in the table of the runs; reads are consistent. Ids of different kinds need
 * different prefixes. A document has at most 400 KB (the limit of an item).
 */
export function createDynamoDocumentStore<T>(
  table: DynamoTable,
  /** Where a document is; left out: among those of all kinds. */
  keyOf: (id: string) => ItemKey = itemKeys.document,
): DocumentStore<T> {
  const records = createDynamoRecords(table);
  return {
    async get(id) {
      const { Item } = await table.client.send(
        new GetCommand({
          TableName: table.tableName,
          Key: keyOf(id),
          ConsistentRead: true,
        }),
      );
      if (Item === undefined) return null;
      const { document, revision } = Item as RecordItem;
      return { document: JSON.parse(document), revision };
    },
    put(id, document, expectedRevision) {
      const item: RecordItem = {
        ...keyOf(id),
        revision: expectedRevision + 1,
        document: JSON.stringify(document),
      };
      return expectedRevision === 0 ? records.create(item) : records.replace(item);
    },
  };
}
