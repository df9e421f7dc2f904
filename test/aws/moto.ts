import { spawn } from 'node:child_process';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll } from 'vitest';
import { type AwsClients, createAwsClients } from '../../pipeline/aws/clients.ts';
import { tableDefinition } from '../../pipeline/aws/dynamo-table.ts';
import { hasMoto, motoServer } from './python-tools.ts';

export const testCredentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
export const testRegion = 'us-east-1';

export const isMotoInstalled = hasMoto();

export interface Moto {
  readonly endpoint: () => string;
  readonly clients: () => AwsClients;
  /** A new, empty bucket. */
  bucket(): Promise<string>;
  /** A new, empty table as `dynamo-table.ts` describes it. */
  table(): Promise<string>;
}

/** One `moto_server` on a free port for the tests of the surrounding `describe`. */
export function useMoto(): Moto {
  let endpoint = '';
  let clients: AwsClients | null = null;
  let stop = () => {};
  let made = 0;

  beforeAll(async () => {
    const server = spawn(motoServer, ['-H', '127.0.0.1', '-p', '0'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    stop = () => {
      // The launcher of pyenv runs the server as a child of the same group.
      if (server.pid !== undefined) process.kill(-server.pid);
    };
    endpoint = await new Promise<string>((resolve, reject) => {
      let said = '';
      server.stderr.on('data', (chunk: Buffer) => {
        said += chunk;
        const address = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
        if (address !== undefined) resolve(address);
      });
      server.once('error', reject);
      server.once('exit', () => reject(new Error(`moto_server ended: ${said}`)));
    });
    clients = createAwsClients({ region: testRegion, endpoint, credentials: testCredentials });
  }, 30_000);

  afterAll(() => {
    for (const client of Object.values(clients ?? {})) client.destroy();
    stop();
  });

  const running = (): AwsClients => {
    if (clients === null) throw new Error('moto_server is not running yet.');
    return clients;
  };

  return {
    endpoint: () => endpoint,
    clients: running,
    async bucket() {
      made += 1;
      const name = `bucket-${made}`;
      await running().s3.send(new CreateBucketCommand({ Bucket: name }));
      return name;
    },
    async table() {
      made += 1;
      const name = `table-${made}`;
      await running().dynamo.send(new CreateTableCommand({ TableName: name, ...tableRequest }));
      return name;
    },
  };
}

const { partitionKey, sortKey, indexes } = tableDefinition;
const keySchema = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: 'HASH' as const },
  { AttributeName: range, KeyType: 'RANGE' as const },
];
const keyAttributes = new Set([
  partitionKey,
  sortKey,
  ...indexes.flatMap((index) => [index.partitionKey, index.sortKey]),
]);
const tableRequest = {
  BillingMode: 'PAY_PER_REQUEST' as const,
  KeySchema: keySchema(partitionKey, sortKey),
  AttributeDefinitions: [...keyAttributes].map((name) => ({
    AttributeName: name,
    AttributeType: 'S' as const,
  })),
  GlobalSecondaryIndexes: indexes.map((index) => ({
    IndexName: index.name,
    KeySchema: keySchema(index.partitionKey, index.sortKey),
    Projection: { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: [...index.include] },
  })),
};
