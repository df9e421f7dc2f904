// How long does Slack wait? The deployed bundle of `slack` beside a bare Bolt app on its
// AwsLambdaReceiver, each in fresh processes on this machine, over stand-ins of Slack and AWS.
//   npm run bench:slack-door
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { bundleLambda } from '../infra/bundle/bundle-lambda.ts';
import { openStandIn } from './slack-door/stand-in.ts';

const processes = Number(process.argv[2] ?? 15);
const warmRequests = 100;
const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'mlops-bot-door-'));
const run = promisify(execFile);
const signingSecret = 'a'.repeat(32);
const standIn = await openStandIn({ '/bench/token': 'xoxb-bench', '/bench/secret': signingSecret });

const ours = (await bundleLambda({ name: 'slack', root, out: folder })).folder;
const peer = join(folder, 'peer');
await build({
  absWorkingDir: root,
  entryPoints: { index: 'bench/slack-door/peer.ts' },
  outdir: peer,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  minify: true,
  logLevel: 'error',
});

const role = 'arn:aws:iam::123456789012:role/bench';
const environment = {
  PATH: process.env.PATH,
  BENCH_SIGNING_SECRET: signingSecret,
  SLACK_API_URL: standIn.url,
  AWS_ENDPOINT_URL: standIn.url,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  MLOPS_BUCKET: 'bench',
  MLOPS_TABLE: 'bench',
  MLOPS_EVENT_BUS: 'bench',
  MLOPS_PIPELINE_FUNCTION: 'arn:aws:lambda:us-east-1:123456789012:function:pipeline:live',
  MLOPS_PREPARE_FUNCTION: 'prepare',
  MLOPS_JOB_ROLE: role,
  MLOPS_ENDPOINT_ROLE: role,
  MLOPS_CODE_PREFIX: 'code/bench/',
  MLOPS_TRAINING_IMAGES: '{"distilbert":"image","tabular":"image"}',
  MLOPS_INFERENCE_IMAGES: '{"distilbert":"image","tabular":"image"}',
  MLOPS_ANNOUNCEMENTS_QUEUE: `${standIn.url}123456789012/bench`,
  MLOPS_SLACK_BOT_TOKEN: '/bench/token',
  MLOPS_SLACK_SIGNING_SECRET: '/bench/secret',
  POWERTOOLS_METRICS_NAMESPACE: 'bench',
};

interface Times {
  readonly load: number;
  readonly first: number;
  readonly warm: readonly number[];
}

async function measure(bundle: string): Promise<Times> {
  const child = join(root, 'bench/slack-door/child.mjs');
  const { stdout } = await run(process.execPath, [child, bundle, String(warmRequests)], {
    env: environment,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

const contestants = { 'mlops-bot': join(ours, 'index.mjs'), Bolt: join(peer, 'index.cjs') };
const times: Record<keyof typeof contestants, Times[]> = { 'mlops-bot': [], Bolt: [] };
for (let i = 0; i < processes; i++) {
  // In turn, so that whatever else the machine does slows both.
  times['mlops-bot'].push(await measure(contestants['mlops-bot']));
  times.Bolt.push(await measure(contestants.Bolt));
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const figures: readonly [string, (each: Times) => number][] = [
  ['load', ({ load }) => load],
  ['first answer', ({ first }) => first],
  ['load and first answer', ({ load, first }) => load + first],
  ['answer when warm', ({ warm }) => median(warm)],
];
const kilobytes = (file: string) => `${Math.round(statSync(file).size / 1024)} KB`;

console.log(`Median of ${processes} processes, ${warmRequests} warm requests in each; ms`);
console.log('                       mlops-bot      Bolt     ratio');
for (const [name, of] of figures) {
  const [own, bare] = [median(times['mlops-bot'].map(of)), median(times.Bolt.map(of))];
  const cells = [own.toFixed(1), bare.toFixed(1), (own / bare).toFixed(2)];
  console.log(name.padEnd(22) + cells.map((cell) => cell.padStart(10)).join(''));
}
console.log(
  `entry file: ${kilobytes(contestants['mlops-bot'])}, Bolt ${kilobytes(contestants.Bolt)}`,
);
standIn.close();
rmSync(folder, { recursive: true, force: true });
