import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { createLocalClient, type LocalClient } from '../../bot/workspace-page/local-client.ts';
import { makeSampleDatasets, sampleFiles } from '../../pipeline/local/sample-datasets.ts';

export const root = resolve(import.meta.dirname, '../..');
export const python = join(root, '.venv', 'bin', 'python');

/** Registers what is done at the end of a test. */
export type Cleanup = (work: () => void) => void;

export interface RunningApp {
  readonly pid: number;
  /** Address of the page. Rejects when the app ends before it is ready. */
  readonly ready: Promise<string>;
  /** The signal or exit code that ended it. */
  readonly ended: Promise<NodeJS.Signals | number>;
  /** What it wrote to stdout and stderr so far. */
  output(): string;
  signal(signal: NodeJS.Signals): void;
}

export interface StartOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly cleanup?: Cleanup;
}

/** Starts what `npm start` runs, in a process of its own, on free ports. */
export function startApp(data: string, options: StartOptions = {}): RunningApp {
  const { environment = {}, args = [], cleanup = onTestFinished } = options;
  const flags = ['--data', data, '--port', '0', '--no-open', '--bake-seconds', '1', ...args];
  const script = `import { main } from './bot/local/main.ts';
    await main(${JSON.stringify(root)}, ${JSON.stringify(flags)}, process.env);`;
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', script],
    { cwd: root, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  cleanup(() => void child.kill('SIGKILL'));
  let output = '';
  const ended = new Promise<NodeJS.Signals | number>((done) =>
    child.on('close', (code, signal) => done(signal ?? code ?? 0)),
  );
  const ready = new Promise<string>((found, reject) => {
    const onText = (text: string) => {
      output += text;
      const [, url] = /is running: (http:\S+)/.exec(output) ?? [];
      if (url !== undefined) found(url);
    };
    child.stdout.setEncoding('utf8').on('data', onText);
    child.stderr.setEncoding('utf8').on('data', onText);
    void ended.then((how) => reject(new Error(`The app ended (${how}): ${output}`)));
  });
  ready.catch(() => {});
  return {
    pid: child.pid ?? -1,
    ready,
    ended,
    output: () => output,
    signal: (signal) => void child.kill(signal),
  };
}

/** A client of the page of a running app. */
export async function clientOf(
  app: RunningApp,
  cleanup: Cleanup = onTestFinished,
): Promise<LocalClient> {
  const client = createLocalClient({ url: await app.ready });
  cleanup(() => client.close());
  return client;
}

/** A path for a data folder, in a folder that is removed at the end. */
export function newDataFolder(cleanup: Cleanup = onTestFinished): string {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-abuse-'));
  cleanup(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return prepareDataFolder(join(folder, 'data'));
}

/** Lets the first start train nothing by itself: the inbox of its sample is not empty. */
export function prepareDataFolder(data: string): string {
  mkdirSync(join(data, 'inbox', 'spam'), { recursive: true, mode: 0o700 });
  writeFileSync(join(data, 'inbox', 'spam', 'unfinished.csv.part'), '');
  return data;
}

/** The sample datasets, made once for all tests of this checkout. */
function samples(): Promise<string> {
  return makeSampleDatasets({ root, python, folder: join(root, 'data', 'test-samples') });
}

/** Puts the samples where the app looks for them, and the small tabular one into the inbox. */
export async function dropTumour(data: string): Promise<void> {
  const inbox = join(data, 'inbox', 'tumour');
  mkdirSync(inbox, { recursive: true });
  copyFileSync(join(await samples(), sampleFiles.tumour), join(inbox, sampleFiles.tumour));
}

/** Approves as Grace as soon as a card asks for it. Resolves when the click was taken. */
export async function approve(client: LocalClient): Promise<void> {
  const on = await client.waitFor(
    async () => {
      const all = await client.messages('C0MLOPS');
      return all.find(({ blocks }) => JSON.stringify(blocks).includes(actionIds.approve)) ?? null;
    },
    { what: 'a card with an Approve button', timeoutMs: 240_000 },
  );
  await client.click({ user: 'U0GRACE', on, action_id: actionIds.approve });
}

/** Resolves with the card once it matches. */
export function waitForCard(client: LocalClient, pattern: RegExp, seconds = 240) {
  return client.waitFor(
    async () => {
      const all = await client.messages('C0MLOPS');
      return all.find(({ text, blocks }) => pattern.test(text + JSON.stringify(blocks))) ?? null;
    },
    { what: `a card that matches ${pattern}`, timeoutMs: seconds * 1000 },
  );
}

/** How the app ended, or an error after that many seconds. */
export async function endOf(app: RunningApp, seconds: number): Promise<NodeJS.Signals | number> {
  const timer = new AbortController();
  const late = delay(seconds * 1000, null, { signal: timer.signal }).then(() => {
    throw new Error(`The app still runs after ${seconds} s: ${app.output().slice(-2000)}`);
  });
  late.catch(() => {});
  return Promise.race([app.ended, late]).finally(() => timer.abort());
}
