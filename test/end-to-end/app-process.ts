import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import type { RunEvent } from '../../pipeline/core/events.ts';

export const root = resolve(import.meta.dirname, '..', '..');

/** What the app process tells its parent, one JSON object a line. */
export type AppMessage =
  | { readonly kind: 'ready'; readonly url: string }
  | { readonly kind: 'event'; readonly event: RunEvent };

export interface AppProcess {
  readonly url: string;
  /** Everything it published, so far. */
  readonly events: readonly RunEvent[];
  /** Resolves with the signal or exit code that ended it. */
  readonly ended: Promise<NodeJS.Signals | number>;
  /** Ctrl-C. */
  stop(): Promise<NodeJS.Signals | number>;
}

/** A folder for one test, gone after it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-bot-end-to-end-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** Copies a file into the inbox of a model. */
export function putIntoInbox(dataFolder: string, model: string, name: string, text: string): void {
  const inbox = join(dataFolder, 'inbox', model);
  mkdirSync(inbox, { recursive: true });
  writeFileSync(join(inbox, name), text);
}

/**
 * The whole local app in a process of its own, on the data folder. `dieAt` names the moment at
 * which it kills itself with SIGKILL, as a crash would: right after that event was recorded.
 */
export async function startApp(
  dataFolder: string,
  { dieAt = 'never', config = 'mlops.config.ts' }: { dieAt?: string; config?: string } = {},
): Promise<AppProcess> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, 'app-child.ts'), dataFolder, dieAt, config],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const events: RunEvent[] = [];
  const ended = endOf(child);
  const url = await new Promise<string>((resolveUrl, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = JSON.parse(line) as AppMessage;
      if (message.kind === 'ready') resolveUrl(message.url);
      else events.push(message.event);
    });
    ended.then((how) => {
      // It may be told to die before it is up.
      if (how === 'SIGKILL' && dieAt !== 'never') resolveUrl('');
      else reject(new Error(`The app ended (${how}) before it was ready.`));
    });
  });
  return {
    url,
    events,
    ended,
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

/** The dataset of the second model, as scikit-learn ships it, from the prepared samples. */
export function readSample(samples: string, name: string): string {
  return readFileSync(join(samples, name), 'utf8');
}
