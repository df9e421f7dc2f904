import { createServer } from 'node:http';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCallsInFlight } from './calls-in-flight.ts';
import { testCredentials, testRegion } from './moto.ts';

/** A client of a service that answers when the test says so, watched. */
async function aClient() {
  const waiting: (() => void)[] = [];
  const server = createServer((_, response) => waiting.push(() => response.end('{}')));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const client = new SQSClient({
    region: testRegion,
    endpoint: `http://127.0.0.1:${port}`,
    credentials: testCredentials,
    maxAttempts: 1,
  });
  onTestFinished(() => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  });
  const calls = createCallsInFlight();
  calls.watch({ client });
  return {
    calls,
    send: () => client.send(new SendMessageCommand({ QueueUrl: 'queue', MessageBody: 'hint' })),
    answerAll: () => server.on('request', (_, response) => response.end('{}')),
  };
}

describe('what a handler leaves running', () => {
  it('is named when the handler answers without waiting for a call', async () => {
    const { calls, send } = await aClient();

    const answered = calls.frozenAfter(async () => {
      send().catch(() => {});
    });

    await expect(answered).rejects.toThrow('left SendMessageCommand running');
  });

  it('includes a call that begins after the answer', async () => {
    const { calls, send } = await aClient();

    const answered = calls.frozenAfter(async () => {
      setImmediate(() => void send().catch(() => {}));
    });

    await expect(answered).rejects.toThrow('left SendMessageCommand running');
  });

  it('is nothing when every call is awaited', async () => {
    const { calls, send, answerAll } = await aClient();
    answerAll();

    const answered = calls.frozenAfter(async () => {
      await send().catch(() => null);
      return 'done';
    });

    expect(await answered).toBe('done');
  });
});
