// How long does Slack wait? The deployed bundle of `slack` beside a bare Bolt app on its
// AwsLambdaReceiver, each in fresh processes on this machine, over stand-ins of Slack and AWS.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { bundleLambda, bundling } from '../infra/bundle/bundle-lambda.ts';
import { type Bench, type Figures, median } from './bench.ts';
import { openStandIn } from './slack-door/stand-in.ts';

const processes = 21;
const warmRequests = 100;
const root = resolve(import.meta.dirname, '..');
const run = promisify(execFile);
const signingSecret = 'a'.repeat(32);

export const bench: Bench = {
  name: 'slack-door',
  title: `the Slack function beside a bare Bolt app, ${processes} fresh processes of each`,
  run: measure,
};

/** Milliseconds of one fresh process. */
interface Times {
  readonly load: number;
  readonly first: number;
  /** Each warm answer by the clock. */
  readonly warm: readonly number[];
  /** CPU time of the process for each warm answer. */
  readonly warmCpu: readonly number[];
}

async function measure(): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-bot-door-'));
  const secrets = { '/bench/token': 'xoxb-bench', '/bench/secret': signingSecret };
  const standIn = await openStandIn(secrets);
  try {
    const environment = environmentFor(standIn.url);
    const bundle = await bundleLambda({ name: 'slack', root, out: folder });
    const own = join(bundle.folder, 'index.mjs');
    const peer = await bundlePeer(join(folder, 'peer'));
    const times: { readonly own: Times[]; readonly peer: Times[] } = { own: [], peer: [] };
    for (let i = 0; i < processes; i++) {
      // In turn, so that whatever else the machine does slows both.
      times.own.push(await timesOf(own, environment));
      times.peer.push(await timesOf(peer, environment));
    }
    return figuresOf(times.own, times.peer);
  } finally {
    standIn.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function figuresOf(own: readonly Times[], peer: readonly Times[]): Figures {
  const cold = ({ load, first }: Times) => load + first;
  const coldMs = median(own.map(cold));
  const coldPeerMs = median(peer.map(cold));
  return {
    'slackDoor.coldRatio': coldMs / coldPeerMs,
    'slackDoor.coldMs': coldMs,
    'slackDoor.coldPeerMs': coldPeerMs,
    'slackDoor.loadMs': median(own.map(({ load }) => load)),
    'slackDoor.firstMs': median(own.map(({ first }) => first)),
    'slackDoor.warmMs': median(own.flatMap(({ warmCpu }) => warmCpu)),
    'slackDoor.warmPeerMs': median(peer.flatMap(({ warmCpu }) => warmCpu)),
    'slackDoor.warmWallMs': median(own.flatMap(({ warm }) => warm)),
  };
}

async function timesOf(bundle: string, env: NodeJS.ProcessEnv): Promise<Times> {
  const child = join(root, 'bench/slack-door/child.mjs');
  const { stdout } = await run(process.execPath, [child, bundle, String(warmRequests)], { env });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

/** Bundled as the Slack function is, without what is left out or checked there. */
async function bundlePeer(folder: string): Promise<string> {
  await build({
    ...bundling,
    absWorkingDir: root,
    entryPoints: { index: 'bench/slack-door/peer.ts' },
    outdir: folder,
  });
  return join(folder, 'index.mjs');
}

function environmentFor(url: string): NodeJS.ProcessEnv {
  const role = 'arn:aws:iam::123456789012:role/bench';
  return {
    PATH: process.env.PATH,
    BENCH_SIGNING_SECRET: signingSecret,
    SLACK_API_URL: url,
    AWS_ENDPOINT_URL: url,
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
    MLOPS_ANNOUNCEMENTS_QUEUE: `${url}123456789012/bench`,
    MLOPS_SLACK_BOT_TOKEN: '/bench/token',
    MLOPS_SLACK_SIGNING_SECRET: '/bench/secret',
    POWERTOOLS_METRICS_NAMESPACE: 'bench',
  };
}
