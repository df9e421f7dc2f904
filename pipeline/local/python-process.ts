import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { makeTemporaryFolder, removeTemporaryFolder } from './leftovers.ts';
import { createLineSplitter } from './line-splitter.ts';
import { endMarked, MARK_VARIABLE } from './process-mark.ts';
import { watchProcess } from './process-watch.ts';
import { identifyProcess, type ProcessIdentity, signalProcess } from './processes.ts';

/**
 * What a Python process gets of our environment. Everything else stays out: tokens of Slack and
 * AWS credentials have no business in a recipe.
 */
const ALLOWED_VARIABLES = [
  'PATH',
  'HOME',
  'LANG',
  'LC_ALL',
  'TZ',
  'HF_HOME',
  'HF_HUB_OFFLINE',
  'OMP_NUM_THREADS',
  'MKL_NUM_THREADS',
  'CUDA_VISIBLE_DEVICES',
  'LD_LIBRARY_PATH',
  'SSL_CERT_FILE',
] as const;

/** What was printed is read for so long after the end, by which time the pipes are empty. */
const DRAIN_MILLISECONDS = 1000;

export type Environment = Readonly<Record<string, string | undefined>>;

export interface PythonOptions {
  /** The interpreter, e.g. `.venv/bin/python`. */
  readonly python: string;
  readonly script: string;
  readonly args?: readonly string[];
  readonly folder: string;
  /** What it is for, by `processMark`. */
  readonly mark: string;
  /** The environment of the pipeline, of which an allow-list is passed on. */
  readonly inherited: Environment;
  readonly variables?: Readonly<Record<string, string>>;
  readonly onStdout: (line: string) => void;
  readonly onStderr: (line: string) => void;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Set when the interpreter could not be started at all. */
  readonly startError: Error | null;
}

export interface PythonProcess {
  /** Null when it could not be started, or has ended already. */
  readonly identity: ProcessIdentity | null;
  /**
   * Resolves when the process has ended, everything it started was ended, and what it printed was
   * read; never rejects.
   */
  readonly exited: Promise<Exit>;
  /** Writes to its standard input; of no effect once it has ended. */
  write(text: string): void;
  /** SIGTERM now, SIGKILL to its whole group after the grace period; again changes nothing. */
  terminate(graceSeconds: number): void;
}

/** What a user reads when the interpreter is missing. */
export const pythonMissing = {
  message: 'Python is not set up on this machine.',
  hint: 'Run `npm start` once: it creates the Python environment.',
} as const;

/** Starts Python in a process group of its own, so that Ctrl-C in a terminal does not reach it. */
export function startPython(options: PythonOptions): PythonProcess {
  const mark = `${options.mark}/${randomUUID()}`;
  const temporaryFolder = makeTemporaryFolder(options.mark);
  const child = spawn(options.python, ['-u', options.script, ...(options.args ?? [])], {
    cwd: options.folder,
    env: {
      ...allowed(options.inherited),
      PYTHONIOENCODING: 'utf-8',
      ...options.variables,
      [MARK_VARIABLE]: mark,
      TMPDIR: temporaryFolder,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  // Closing it tells a script with `--exit-with-parent` that this process has ended.
  child.stdin.on('error', () => {});
  for (const [stream, onLine] of [
    [child.stdout, options.onStdout],
    [child.stderr, options.onStderr],
  ] as const) {
    const splitter = createLineSplitter(onLine);
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => splitter.write(text));
    stream.on('close', () => splitter.end());
  }

  let killer: NodeJS.Timeout | null = null;
  const killGroup = () => {
    if (child.pid !== undefined) signalProcess(-child.pid, 'SIGKILL');
  };
  const endWatch =
    child.pid === undefined ? () => {} : watchProcess({ pid: child.pid, mark, temporaryFolder });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const exited = new Promise<Exit>((resolve) => {
    let startError: Error | null = null;
    child.on('error', (error) => {
      startError ??= error;
      if (child.pid !== undefined) return;
      void removeTemporaryFolder(temporaryFolder).then(() =>
        resolve({ code: null, signal: null, startError }),
      );
    });
    child.on('exit', (code, signal) => {
      if (killer !== null) clearTimeout(killer);
      killGroup();
      void endRest().then(() => resolve({ code, signal, startError }));
    });
  });

  /** What the leader left behind would use its checkpoints, and keep its pipes open for ever. */
  async function endRest(): Promise<void> {
    await endMarked(mark);
    await removeTemporaryFolder(temporaryFolder);
    endWatch();
    const late = new AbortController();
    await Promise.race([closed, delay(DRAIN_MILLISECONDS, null, late).catch(() => {})]);
    late.abort();
    child.stdout.destroy();
    child.stderr.destroy();
    await closed;
  }

  const identity = child.pid === undefined ? null : identifyProcess(child.pid);
  return {
    identity: identity === null ? null : { ...identity, mark },
    exited,
    write: (text) => void child.stdin.write(text),
    terminate(graceSeconds) {
      const hasEnded = child.exitCode !== null || child.signalCode !== null;
      if (child.pid === undefined || hasEnded || killer !== null) return;
      signalProcess(child.pid, 'SIGTERM');
      killer = setTimeout(killGroup, graceSeconds * 1000);
    },
  };
}

function allowed(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    ALLOWED_VARIABLES.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
