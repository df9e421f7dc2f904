import { resolve } from 'node:path';
import { z } from 'zod';
import type { InputCounts } from '../../core/alert/input-counts.ts';
import { MlopsError } from '../../core/errors.ts';
import type { ProcessIdentity } from '../processes.ts';
import { type Environment, pythonMissing, startPython } from '../python-process.ts';
import { createKeptLines } from '../python-reason.ts';
import { after } from '../timers.ts';
import { requestAnswer } from './request-answer.ts';

/** A serverless container must answer /ping within 3 minutes (SageMaker guide, serverless). */
const MAX_START_SECONDS = 180;
const PING_SECONDS = 10;
/** `serve.py` gives open requests 10 seconds before it ends. */
const GRACE_SECONDS = 12;

const eventSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('ready'), port: z.int().positive() }),
  z.object({
    event: z.literal('inputs'),
    inputs: z.int().nonnegative(),
    counts: z.record(z.string(), z.array(z.int().nonnegative())),
  }),
]);

export interface ModelServerOptions {
  readonly modelFolder: string;
  /** Of the processes of this host. */
  readonly mark: string;
  readonly python: string;
  readonly trainingFolder: string;
  readonly environment: Environment;
  /** Gets what the process prints. */
  readonly onLine: (line: string) => void;
  /** Gets what was asked since the last time. */
  readonly onInputs: (counts: InputCounts) => void;
  /** Called as soon as there is a process, before it has loaded anything. */
  readonly onProcess: (identity: ProcessIdentity) => void;
  readonly onExit: (identity: ProcessIdentity) => void;
  /** Ends the server, even while it starts. */
  readonly signal: AbortSignal;
}

export interface ModelServer {
  readonly port: number;
  /** Resolves with a sentence when the process has ended for any reason. */
  readonly ended: Promise<string>;
}

/**
 * Starts `serve.py` for one extracted model; resolves when it answers `/ping`.
 * @throws {MlopsError} `DEPLOYMENT_FAILED`, with the model server's exception or last line when there is one.
 */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const { modelFolder, signal, onLine } = options;
  const said = createKeptLines();
  let onReady = (_port: number) => {};
  const ready = new Promise<number>((resolveReady) => {
    onReady = resolveReady;
  });
  const python = startPython({
    python: options.python,
    script: resolve(options.trainingFolder, 'serve.py'),
    args: ['--model-dir', modelFolder, '--port', '0', '--host', '127.0.0.1', '--exit-with-parent'],
    folder: modelFolder,
    mark: options.mark,
    inherited: options.environment,
    onStdout(line) {
      const said = readEvent(line);
      if (said === null) onLine(line);
      else if (said.event === 'ready') onReady(said.port);
      else options.onInputs(said);
    },
    onStderr(line) {
      said.add(line);
      onLine(line);
    },
  });
  const { identity } = python;
  const stop = () => python.terminate(GRACE_SECONDS);
  try {
    if (identity !== null) options.onProcess(identity);
  } catch (error) {
    // A process that is not recorded would outlive a crash.
    stop();
    throw error;
  }
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const ended = python.exited.then(({ code, signal: by, startError }) => {
    signal.removeEventListener('abort', stop);
    if (identity !== null) options.onExit(identity);
    if (startError !== null) return pythonMissing.message;
    const how = by === null ? `with exit code ${code}` : `by ${by}`;
    const reason = said.reason();
    return `The model server ended ${how}.${reason === null ? '' : ` It said: ${reason}`}`;
  });

  let isLate = false;
  const cancelTimeout = after(MAX_START_SECONDS, () => {
    isLate = true;
    stop();
  });
  const outcome = await Promise.race([ready, ended]);
  cancelTimeout();
  if (typeof outcome === 'string') {
    throw new MlopsError(
      'DEPLOYMENT_FAILED',
      isLate ? `The model did not load within ${MAX_START_SECONDS} seconds.` : outcome,
    );
  }
  try {
    await ping(outcome);
  } catch (cause) {
    stop();
    const message = 'The model server does not answer its health check.';
    throw new MlopsError('DEPLOYMENT_FAILED', message, { cause });
  }
  return { port: outcome, ended };
}

async function ping(port: number): Promise<void> {
  const { status } = await requestAnswer({
    url: `http://127.0.0.1:${port}/ping`,
    signal: AbortSignal.timeout(PING_SECONDS * 1000),
  });
  if (status !== 200) throw new Error(`/ping answered ${status}.`);
}

function readEvent(line: string): z.output<typeof eventSchema> | null {
  if (!line.startsWith('{')) return null;
  try {
    const parsed = eventSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
