// One environment of Lambda: loads a bundle, answers one command, then the same many times, and
// prints the milliseconds of each as JSON.
import { createHmac, randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';

const [bundle, warmRequests] = process.argv.slice(2);

const start = performance.now();
const { handler } = await import(pathToFileURL(bundle).href);
const load = performance.now() - start;
const { clock: first } = await timed();
const warm = [];
for (let i = 0; i < Number(warmRequests); i++) warm.push(await timed());
const times = {
  load,
  first,
  warm: warm.map(({ clock }) => clock),
  warmCpu: warm.map(({ cpu }) => cpu),
};
process.stdout.write(`${JSON.stringify(times)}\n`, () => process.exit(0));

async function timed() {
  const event = signedCommand();
  const cpuBefore = process.cpuUsage();
  const begin = performance.now();
  const answer = await handler(event, { awsRequestId: randomUUID() });
  const clock = performance.now() - begin;
  const { user, system } = process.cpuUsage(cpuBefore);
  if (answer.statusCode !== 200) throw new Error(`answered with ${answer.statusCode}`);
  return { clock, cpu: (user + system) / 1000 };
}

function signedCommand() {
  const body = new URLSearchParams({
    command: '/mlops',
    text: 'help',
    user_id: 'U0ADA',
    user_name: 'ada',
    team_id: 'T0',
    channel_id: 'C0MLOPS',
    channel_name: 'ml-ops',
    trigger_id: randomUUID(),
    response_url: `${process.env.SLACK_API_URL}response`,
  }).toString();
  const at = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', process.env.BENCH_SIGNING_SECRET)
    .update(`v0:${at}:${body}`)
    .digest('hex');
  return {
    rawPath: '/slack/events',
    rawQueryString: '',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': at,
      'x-slack-signature': `v0=${signature}`,
    },
    body,
    isBase64Encoded: false,
    requestContext: { requestId: randomUUID(), http: { method: 'POST' } },
  };
}
