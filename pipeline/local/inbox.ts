import { constants, type Stats } from 'node:fs';
import { lstat, mkdir, open, realpath } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { backOff } from '../core/back-off.ts';
import {
  choiceOfFolders,
  isNoDataset,
  MAX_DATASET_BYTES,
  refuseFileName,
} from '../core/dataset-file.ts';
import { MlopsError } from '../core/errors.ts';
import { keys } from '../core/names.ts';
import type { Dataset } from '../core/run.ts';
import type { DroppedDataset } from '../flow/commands/start-from-dataset.ts';
import type { Database } from './database.ts';
import type { FolderArtifactStore } from './folder-artifact-store.ts';
import { isAbsent } from './folders.ts';
import { limitBytes, refuseFile } from './inbox-file.ts';
import type { Log } from './log.ts';
import { createSeenFiles } from './seen-files.ts';
import { after } from './timers.ts';

export interface RefusedFile {
  /** As it was written; untrusted text. */
  readonly fileName: string;
  /** Null when the file lies in no model's folder. */
  readonly model: string | null;
  /** A sentence. */
  readonly reason: string;
}

export interface InboxOptions {
  readonly database: Database;
  /** Holds one folder per model; made when it is missing. */
  readonly folder: string;
  readonly artifacts: FolderArtifactStore;
  readonly models: readonly string[];
  /**
   * Called at least once for every dataset; when it throws, that is logged and it is called again,
   * later and later, and at the next start.
   */
  readonly onDataset: (dropped: DroppedDataset) => unknown;
  /**
   * Called for a file in the folder that is refused. Resolves with true once that was announced,
   * however much later; until then the file does not count as handled, and the next start calls again.
   */
  readonly onRefused: (refused: RefusedFile) => Promise<boolean>;
  readonly log: Log;
  readonly maxBytes?: number;
  /** How long a file must stay as it is to count as complete. */
  readonly stableMilliseconds?: number;
  /** Before a file that could not be handled, on a full disk for example, is handled again. */
  readonly retrySeconds?: number;
}

export interface Inbox {
  /** Watches the folder; files that came while it was not watched are handled too. */
  start(): Promise<void>;
  /**
   * Stores an uploaded file; the caller decides what becomes of it. @throws {MlopsError}
   * `MODEL_UNKNOWN`, or `DATASET_INVALID` for its name or size; then nothing is kept.
   */
  receive(upload: {
    readonly model: string;
    readonly fileName: string;
    readonly body: AsyncIterable<Uint8Array>;
  }): Promise<Dataset>;
  close(): Promise<void>;
}

const DEFAULT_STABLE_MILLISECONDS = 500;
const DEFAULT_RETRY_SECONDS = 5;
const LONGEST_RETRY_SECONDS = 5 * 60;

/** The two ways data comes in locally: a watched folder and uploads from the page. */
export function createInbox(options: InboxOptions): Inbox {
  const { artifacts, models, log, maxBytes = MAX_DATASET_BYTES } = options;
  const seen = createSeenFiles(options);
  let watcher: FSWatcher | null = null;
  let work: Promise<void> = Promise.resolve();
  /** Files that could not be handled: how often, and how to forget the next try. */
  const failures = new Map<string, { count: number; cancel: () => void }>();
  let isClosed = false;

  const failed = (about: string) => (error: unknown) =>
    log({ message: 'A file in the inbox could not be handled.', about, error });

  /** One after the other. */
  function later(inside: string, action: () => Promise<void>): void {
    work = work.then(action).catch(failed(inside));
  }

  function handle(inside: string, path: string): void {
    later(inside, async () => {
      try {
        await look(inside, path);
        failures.delete(inside);
      } catch (error) {
        retryLater(inside, path);
        throw error;
      }
    });
  }

  function retryLater(inside: string, path: string): void {
    if (isClosed) return;
    const { count = 0, cancel } = failures.get(inside) ?? {};
    cancel?.();
    const first = options.retrySeconds ?? DEFAULT_RETRY_SECONDS;
    const pause = { failures: count + 1, first, longest: LONGEST_RETRY_SECONDS, random: 1 };
    failures.set(inside, {
      count: count + 1,
      cancel: after(backOff(pause), () => handle(inside, path)),
    });
  }

  async function store(
    model: string,
    fileName: string,
    body: AsyncIterable<Uint8Array>,
  ): Promise<Dataset> {
    const version = (sha256: string) => sha256.slice(0, 12);
    const stored = await artifacts.putDigested(limitBytes(body, maxBytes), (sha256) =>
      keys.dataset(model, version(sha256), fileName),
    );
    return { key: stored.key, fileName, version: version(stored.sha256), bytes: stored.bytes };
  }

  /** Handles a file the watcher reported; identified by its path in the folder, which may be moved. */
  async function look(inside: string, path: string): Promise<void> {
    const stats = await lstat(path).catch(nullIfAbsent);
    if (stats === null || isNoDataset(basename(path)) || seen.has(inside, stats)) return;
    const parts = inside.split(sep);
    const model = models.find((each) => parts.length > 1 && each === parts[0]) ?? null;
    const reason = refuseFile(parts, model, stats, models, maxBytes);
    if (reason !== null || model === null) {
      const isKnown = options.onRefused({ fileName: basename(path), model, reason: reason ?? '' });
      // Not awaited: other files are handled even while Slack is down.
      isKnown.then(
        (known) => known && later(inside, () => settle(inside, path, stats)),
        failed(inside),
      );
      return;
    }
    const dataset = await storeFile(model, path, stats);
    // It has changed in the meantime, which the watcher reports too.
    if (dataset === null) return;
    const newFile = choiceOfFolders(parts.slice(1, -1));
    await options.onDataset({
      dataset,
      model,
      requestedBy: { kind: 'system', name: 'inbox' },
      ...(newFile == null ? {} : { newFile }),
    });
    seen.add(inside, stats);
  }

  /** A refusal was announced; by now another file may have that name, or none. */
  async function settle(inside: string, path: string, refused: Stats): Promise<void> {
    const stats = await lstat(path).catch(nullIfAbsent);
    if (stats?.size === refused.size && stats.mtimeMs === refused.mtimeMs) seen.add(inside, stats);
  }

  async function storeFile(model: string, path: string, stats: Stats): Promise<Dataset | null> {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const file = await open(path, flags);
    try {
      const dataset = await store(
        model,
        basename(path),
        file.createReadStream({ autoClose: false }),
      );
      const { mtimeMs } = await file.stat();
      return mtimeMs === stats.mtimeMs && dataset.bytes === stats.size ? dataset : null;
    } finally {
      await file.close();
    }
  }

  return {
    async start() {
      for (const model of models) await mkdir(join(options.folder, model), { recursive: true });
      const folder = await realpath(options.folder);
      watcher = watch(folder, {
        followSymlinks: false,
        // One level deeper than datasets may lie, to say so.
        depth: 3,
        awaitWriteFinish: {
          stabilityThreshold: options.stableMilliseconds ?? DEFAULT_STABLE_MILLISECONDS,
          pollInterval: 50,
        },
      });
      const onFile = (path: string) => handle(relative(folder, path), path);
      watcher.on('add', onFile).on('change', onFile);
      watcher.on('error', (error) => log({ message: 'The inbox cannot be watched.', error }));
      await new Promise<void>((resolve) => watcher?.once('ready', resolve));
    },
    async receive({ model, fileName, body }) {
      if (!models.includes(model)) {
        const hint = `The models are: ${models.join(', ')}.`;
        throw new MlopsError('MODEL_UNKNOWN', 'There is no such model.', { hint });
      }
      const reason = refuseFileName(fileName);
      if (reason !== null) throw new MlopsError('DATASET_INVALID', reason);
      return store(model, fileName, body);
    },
    async close() {
      isClosed = true;
      for (const { cancel } of failures.values()) cancel();
      await watcher?.close();
      await work;
    },
  };
}

function nullIfAbsent(error: unknown): null {
  if (isAbsent(error)) return null;
  throw error;
}
