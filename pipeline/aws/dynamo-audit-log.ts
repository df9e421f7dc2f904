import type { AuditEntry } from '../core/audit.ts';
import type { AuditLog } from '../core/ports.ts';
import { createDynamoRecords, type DynamoTable } from './dynamo-records.ts';
import { indexParts, itemKeys } from './dynamo-table.ts';

const DEFAULT_LIMIT = 50;

/** {@link AuditLog} in DynamoDB; lists may miss an entry of the last moments. */
export function createDynamoAuditLog(table: DynamoTable): AuditLog {
  const records = createDynamoRecords(table);
  return {
    async append(entry) {
      await records.create({
        ...itemKeys.audit(entry.id),
        state: indexParts.audit(undefined).value,
        ...(entry.model === null ? {} : { modelState: indexParts.audit(entry.model).value }),
        createdOrder: `${entry.at}#${entry.id}`,
        revision: 1,
        document: JSON.stringify(entry),
      });
    },
    list: ({ model, limit = DEFAULT_LIMIT }) =>
      records.list<AuditEntry>([indexParts.audit(model)], { limit }),
  };
}
