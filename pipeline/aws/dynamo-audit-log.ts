import type { AuditEntry } from '../core/audit.ts';
import type { AuditLog } from '../core/ports.ts';
import { toAuditItem } from './audit-item.ts';
import { createDynamoRecords, type DynamoTable } from './dynamo-records.ts';
import { indexParts } from './dynamo-table.ts';

const DEFAULT_LIMIT = 50;

/** {@link AuditLog} in DynamoDB; lists may miss an entry of the last moments. */
export function createDynamoAuditLog(table: DynamoTable): AuditLog {
  const records = createDynamoRecords(table);
  return {
    async append(entry) {
      await records.create(toAuditItem(entry));
    },
    list: ({ model, limit = DEFAULT_LIMIT }) =>
      records.list<AuditEntry>([indexParts.audit(model)], { limit }),
  };
}
