import type { AuditLog } from '../../core/ports.ts';
import { toAuditItem } from '../audit-item.ts';
import type { JsonRequest } from './json-request.ts';

/** Appends to the audit log of `createDynamoAuditLog` without the SDK, which takes longer to load. */
export function createAuditAppend(options: {
  /** Calls DynamoDB. */
  readonly dynamo: JsonRequest;
  readonly tableName: string;
}): AuditLog['append'] {
  const { dynamo, tableName } = options;
  return async (entry) => {
    const input = {
      TableName: tableName,
      Item: marshalled(toAuditItem(entry)),
      ConditionExpression: 'attribute_not_exists(pk)',
    };
    await dynamo('DynamoDB_20120810.PutItem', input).catch((error: unknown) => {
      // The entry of this id is there already; the first one counts.
      if ((error as Error).name !== 'ConditionalCheckFailedException') throw error;
    });
  };
}

/** As DynamoDB names the types of attributes; those of an audit entry are text and numbers. */
function marshalled(item: object): Record<string, { S: string } | { N: string }> {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      typeof value === 'number' ? { N: String(value) } : { S: String(value) },
    ]),
  );
}
