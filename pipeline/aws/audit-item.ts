import type { AuditEntry } from '../core/audit.ts';
import { type IndexKeys, indexParts, itemKeys, type RecordItem } from './dynamo-table.ts';

/** An entry of the audit log as it is kept in the table. */
export function toAuditItem(entry: AuditEntry): RecordItem & Partial<IndexKeys> {
  return {
    ...itemKeys.audit(entry.id),
    state: indexParts.audit(undefined).value,
    ...(entry.model === null ? {} : { modelState: indexParts.audit(entry.model).value }),
    createdOrder: `${entry.at}#${entry.id}`,
    revision: 1,
    document: JSON.stringify(entry),
  };
}
