import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { DroppedDataset } from '../../pipeline/flow/commands/start-from-dataset.ts';
import { openDatabase } from '../../pipeline/local/database.ts';
import { createFolderArtifactStore } from '../../pipeline/local/folder-artifact-store.ts';
import { createInbox, type RefusedFile } from '../../pipeline/local/inbox.ts';
import type { LogEntry } from '../../pipeline/local/log.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface InboxOptions {
  readonly folder?: string;
  readonly maxBytes?: number;
  readonly retrySeconds?: number;
  readonly onDataset?: (dropped: DroppedDataset) => unknown;
  /** Whether a refused file was announced. */
  readonly announced?: Promise<boolean>;
}

/** An inbox on a folder of its own, which says what it has reported. */
export function makeInbox(options: InboxOptions = {}) {
  const {
    folder = temporaryFolder(),
    maxBytes,
    onDataset,
    announced = Promise.resolve(true),
  } = options;
  const artifacts = createFolderArtifactStore({ root: join(folder, 'artifacts') });
  const datasets: DroppedDataset[] = [];
  const refusals: RefusedFile[] = [];
  const entries: LogEntry[] = [];
  let onNews = () => {};
  const inbox = createInbox({
    database: openDatabase(join(folder, 'mlops.db')),
    folder: join(folder, 'inbox'),
    artifacts,
    models: ['spam', 'tumour'],
    stableMilliseconds: 60,
    retrySeconds: options.retrySeconds ?? 60,
    ...(maxBytes === undefined ? {} : { maxBytes }),
    async onDataset(dropped) {
      await onDataset?.(dropped);
      datasets.push(dropped);
      onNews();
    },
    onRefused(refused) {
      refusals.push(refused);
      onNews();
      return announced;
    },
    log(entry) {
      entries.push(entry);
      onNews();
    },
  });
  onTestFinished(() => inbox.close());

  /** Resolves when the inbox has reported or logged that many things in all. */
  function until(count: number): Promise<void> {
    return new Promise((resolve) => {
      onNews = () => {
        if (datasets.length + refusals.length + entries.length >= count) resolve();
      };
      onNews();
    });
  }

  const path = (name: string) => join(folder, 'inbox', name);
  return { inbox, artifacts, datasets, refusals, entries, until, path, folder };
}

/** The dataset version of a file with this content. */
export const versionOf = (content: string) =>
  createHash('sha256').update(content).digest('hex').slice(0, 12);
