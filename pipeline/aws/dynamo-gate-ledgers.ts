import type { GateLedger } from '../core/gate/ledger.ts';
import type { GateLedgers } from '../core/ports.ts';
import { createDynamoRecords, type DynamoTable } from './dynamo-records.ts';
import { itemKeys } from './dynamo-table.ts';

/** {@link GateLedgers} in DynamoDB. */
export function createDynamoGateLedgers(table: DynamoTable): GateLedgers {
  const records = createDynamoRecords(table);
  return {
    get: (model) => records.get<GateLedger>(itemKeys.gateLedger(model)),
    put: (ledger) => {
      const { model, revision } = ledger;
      const item = { ...itemKeys.gateLedger(model), revision, document: JSON.stringify(ledger) };
      return revision === 1 ? records.create(item) : records.replace(item);
    },
  };
}
