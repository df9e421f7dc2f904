import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  ProjectionType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { tableDefinition } from '../../pipeline/aws/dynamo-table.ts';

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** Runs, alerts, callbacks, leases, audit and announcements; `dynamo-table.ts` is the schema. */
export class RunTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, { protect }: { readonly protect: boolean }) {
    super(scope, id);
    this.table = new TableV2(this, 'Runs', {
      partitionKey: text(tableDefinition.partitionKey),
      sortKey: text(tableDefinition.sortKey),
      globalSecondaryIndexes: tableDefinition.indexes.map((index) => ({
        indexName: index.name,
        partitionKey: text(index.partitionKey),
        sortKey: text(index.sortKey),
        projectionType: ProjectionType.INCLUDE,
        nonKeyAttributes: [...index.include],
      })),
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: protect,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
