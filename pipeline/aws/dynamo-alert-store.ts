import { type Incident, isOpen } from '../core/alert/alert.ts';
import type { IncidentStore } from '../core/ports.ts';
import { createDynamoRecords, type DynamoTable } from './dynamo-records.ts';
import { incidentKeyOf, incidentPartition, indexParts, toIncidentItem } from './dynamo-table.ts';

const DEFAULT_LIMIT = 50;

/** {@link IncidentStore} in DynamoDB; lists may miss an incident of the last moments. */
export function createDynamoIncidentStore(table: DynamoTable): IncidentStore {
  const records = createDynamoRecords(table);
  return {
    create: (incident) => records.create(toIncidentItem(incident)),
    replace: (incident) => records.replace(toIncidentItem(incident)),
    async get(id) {
      const key = incidentKeyOf(id);
      return key === null ? null : records.get<Incident>(key);
    },
    latest: (model, kind) => records.last<Incident>(incidentPartition(model, kind)),
    async list({ model, open, limit = DEFAULT_LIMIT }) {
      const states =
        open === undefined ? (['open', 'ended'] as const) : ([open ? 'open' : 'ended'] as const);
      const parts = states.map((state) => indexParts.incidents(state, model));
      const incidents = await records.list<Incident>(parts, { limit });
      return incidents.filter((each) => open === undefined || isOpen(each) === open);
    },
  };
}
