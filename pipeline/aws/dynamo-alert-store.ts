import { type Alert, isOpen } from '../core/alert/alert.ts';
import type { AlertStore } from '../core/ports.ts';
import { createDynamoRecords, type DynamoTable } from './dynamo-records.ts';
import { alertKeyOf, alertPartition, indexParts, toAlertItem } from './dynamo-table.ts';

const DEFAULT_LIMIT = 50;

/** {@link AlertStore} in DynamoDB; lists may miss an alert of the last moments. */
export function createDynamoAlertStore(table: DynamoTable): AlertStore {
  const records = createDynamoRecords(table);
  return {
    create: (alert) => records.create(toAlertItem(alert)),
    replace: (alert) => records.replace(toAlertItem(alert)),
    async get(id) {
      const key = alertKeyOf(id);
      return key === null ? null : records.get<Alert>(key);
    },
    latest: (model, kind) => records.last<Alert>(alertPartition(model, kind)),
    async list({ model, open, limit = DEFAULT_LIMIT }) {
      const states =
        open === undefined ? (['open', 'ended'] as const) : ([open ? 'open' : 'ended'] as const);
      const parts = states.map((state) => indexParts.alerts(state, model));
      const alerts = await records.list<Alert>(parts, { limit });
      return alerts.filter((each) => open === undefined || isOpen(each) === open);
    },
  };
}
