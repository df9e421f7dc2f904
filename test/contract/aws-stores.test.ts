import { describe } from 'vitest';
import { createDynamoAlertStore } from '../../pipeline/aws/dynamo-alert-store.ts';
import { createDynamoAuditLog } from '../../pipeline/aws/dynamo-audit-log.ts';
import { createDynamoCallbackStore } from '../../pipeline/aws/dynamo-callback-store.ts';
import { createDynamoGateLedgers } from '../../pipeline/aws/dynamo-gate-ledgers.ts';
import { createDynamoLeases } from '../../pipeline/aws/dynamo-leases.ts';
import { createDynamoRunStore } from '../../pipeline/aws/dynamo-run-store.ts';
import { createAuditAppend } from '../../pipeline/aws/lambda/append-audit.ts';
import { createJsonRequest } from '../../pipeline/aws/lambda/json-request.ts';
import { createS3ArtifactStore } from '../../pipeline/aws/s3-artifact-store.ts';
import { isMotoInstalled, testCredentials, testRegion, useMoto } from '../aws/moto.ts';
import { describeAlertStore } from './alert-store.contract.ts';
import { describeArtifactStore } from './artifact-store.contract.ts';
import { describeAuditLog } from './audit-log.contract.ts';
import { describeCallbackStore } from './callback-store.contract.ts';
import { describeGateLedgers } from './gate-ledgers.contract.ts';
import { describeLeases } from './leases.contract.ts';
import { describeRunStore } from './run-store.contract.ts';

describe.skipIf(!isMotoInstalled)('AWS stores over moto', () => {
  const moto = useMoto();
  const table = async () => ({ client: moto.clients().dynamo, tableName: await moto.table() });

  describeRunStore('DynamoDB', async () => createDynamoRunStore(await table()));

  describeCallbackStore('DynamoDB', async () => createDynamoCallbackStore(await table()));

  describeLeases('DynamoDB', async () => {
    const each = await table();
    return { leases: createDynamoLeases(each), runs: createDynamoRunStore(each) };
  });

  describeAlertStore('DynamoDB', async () => createDynamoAlertStore(await table()));

  describeAuditLog('DynamoDB', async () => createDynamoAuditLog(await table()));

  describeGateLedgers('DynamoDB', async () => createDynamoGateLedgers(await table()));

  describeAuditLog('DynamoDB, appended without the SDK', async () => {
    const each = await table();
    const dynamo = createJsonRequest({
      service: 'dynamodb',
      environment: {
        AWS_REGION: testRegion,
        AWS_ACCESS_KEY_ID: testCredentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: testCredentials.secretAccessKey,
        AWS_ENDPOINT_URL_DYNAMODB: moto.endpoint(),
      },
      timeoutMilliseconds: 10_000,
    });
    const append = createAuditAppend({ dynamo, tableName: each.tableName });
    return { ...createDynamoAuditLog(each), append };
  });

  describeArtifactStore('S3', async () =>
    createS3ArtifactStore({ client: moto.clients().s3, bucket: await moto.bucket() }),
  );
});
