import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers for Slack, SSM, DynamoDB and SQS at one address, with as little as each is content with. */
export async function openStandIn(secrets: Readonly<Record<string, string>>) {
  const answers: Readonly<Record<string, unknown>> = {
    'AmazonSSM.GetParameters': {
      Parameters: Object.entries(secrets).map(([Name, Value]) => ({ Name, Value })),
    },
    'AmazonSQS.SendMessage': { MessageId: '1' },
  };
  const slack = {
    ok: true,
    user_id: 'U0BOT',
    bot_id: 'B0BOT',
    team_id: 'T0',
    usergroups: [],
    user: { id: 'U0ADA', real_name: 'Ada Okafor' },
  };
  const server = createServer((request, response) => {
    const target = String(request.headers['x-amz-target'] ?? '');
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(target === '' ? slack : (answers[target] ?? {})));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}
