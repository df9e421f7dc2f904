import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import type { RunEvent } from '../../pipeline/core/events.ts';
import { makeSampleDatasets } from '../../pipeline/local/sample-datasets.ts';

export const root = resolve(import.meta.dirname, '..', '..');

/** Messages of the app process to its parent, one JSON object a line. */
export type AppMessage =
  | { readonly kind: 'ready'; readonly url: string }
  | { readonly kind: 'event'; readonly event: RunEvent };

export interface AppProcess {
  readonly url: string;
  /** Everything it has published so far. */
  readonly events: readonly RunEvent[];
  /** Resolves with the signal or exit code that ended it. */
  readonly ended: Promise<NodeJS.Signals | number>;
  signal(signal: NodeJS.Signals): void;
  /** Ctrl-C. */
  stop(): Promise<NodeJS.Signals | number>;
}

/** Registers a clean-up: at the end of the test, or later where a whole suite shares the resource. */
type AtEnd = (cleanUp: () => void) => void;

/** A folder that is removed at the end. */
export function temporaryFolder(atEnd: AtEnd = onTestFinished): string {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-bot-end-to-end-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** A data folder with one sample dataset in the inbox of a model. */
export async function folderWith(model: string, sample: string): Promise<string> {
  const folder = temporaryFolder();
  const inbox = join(folder, 'inbox', model);
  mkdirSync(inbox, { recursive: true });
  copyFileSync(join(await ensureSamples(), sample), join(inbox, sample));
  return folder;
}

/**
 * Starts the whole local app in a process of its own. `dieAt` names the event right after which it
 * kills itself with SIGKILL, as a crash would.
 */
export async function startApp(
  dataFolder: string,
  {
    dieAt = 'never',
    config = 'mlops.config.ts',
    atEnd = onTestFinished,
  }: { dieAt?: string; config?: string; atEnd?: AtEnd } = {},
): Promise<AppProcess> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, 'app-child.ts'), dataFolder, dieAt, config],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  atEnd(() => void child.kill('SIGKILL'));
  const events: RunEvent[] = [];
  const ended = endOf(child);
  const url = await new Promise<string>((resolveUrl, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = JSON.parse(line) as AppMessage;
      if (message.kind === 'ready') resolveUrl(message.url);
      else events.push(message.event);
    });
    void ended.then((how) => {
      // `dieAt` may name an event from before it is ready.
      if (how === 'SIGKILL' && dieAt !== 'never') resolveUrl('');
      else reject(new Error(`The app ended (${how}) before it was ready.`));
    });
  });
  return {
    url,
    events,
    ended,
    signal: (signal) => void child.kill(signal),
    stop() {
      child.kill('SIGINT');
      return ended;
    },
  };
}

function endOf(child: ChildProcess): Promise<NodeJS.Signals | number> {
  return new Promise((resolveEnd) => {
    child.on('close', (code, signal) => resolveEnd(signal ?? code ?? 0));
  });
}

/** The sample datasets, made once for all tests of this checkout. */
function ensureSamples(): Promise<string> {
  const python = join(root, '.venv', 'bin', 'python');
  return makeSampleDatasets({ root, python, folder: join(root, 'data', 'test-samples') });
}
