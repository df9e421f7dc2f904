import type { NewFile } from '../core/data-contract/data-policy.ts';
import { choiceOfFolders, isNoDataset, refuseFileName } from '../core/dataset-file.ts';
import { keys } from '../core/names.ts';
import type { Person } from '../core/run.ts';

/** Where people drop datasets: `inbox/<model>/<file>`, or one folder deeper, which says what for. */
const INBOX_PREFIX = 'inbox/';

/** A file in the inbox whose content has not been read yet. */
export interface DroppedObject {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | null;
  readonly etag: string;
  readonly model: string;
  /** Untrusted text. */
  readonly fileName: string;
  readonly bytes: number;
  /** Left out: as the configuration of the model says. */
  readonly newFile?: NewFile;
  /** Who shared it in Slack; left out: it was uploaded. */
  readonly by?: Person;
  /** The same for every delivery of the event, another for every change of the file. */
  readonly requestId: string;
}

/** The dropped dataset, or a sentence that says why the object is not one. */
export function droppedObject(object: {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: number | null;
  readonly etag: string;
  readonly versionId: string | null;
}): DroppedObject | string {
  const { bucket, key, etag, versionId, bytes } = object;
  const isShared = key.startsWith(keys.slackInboxes);
  const prefix = isShared ? keys.slackInboxes : INBOX_PREFIX;
  if (!key.startsWith(prefix)) return `${key} is not in the inbox.`;
  if (key.endsWith('/')) return `${key} is a folder.`;
  const [model = '', ...folders] = key.slice(prefix.length).split('/');
  const by = isShared ? personOf(folders) : null;
  if (isShared && by === null) return `${key} does not say who shared it.`;
  const path = isShared ? folders.slice(2) : folders;
  const fileName = path.at(-1);
  const newFile = choiceOfFolders(path.slice(0, -1));
  if (fileName === undefined || newFile === null) {
    return `${key} is not directly in the folder of a model, nor in its folder append or replace.`;
  }
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(model)) return `“${model}” cannot name a model.`;
  if (isNoDataset(fileName)) return `${key} is being written, or no dataset.`;
  const refusal = refuseFileName(fileName);
  if (refusal !== null) return refusal;
  if (bytes === 0) return 'The file is empty.';
  const change = versionId === null || versionId === 'null' ? etag : versionId;
  return {
    bucket,
    key,
    versionId: versionId === 'null' ? null : versionId,
    etag,
    model,
    fileName,
    bytes: bytes ?? 0,
    ...(newFile === undefined ? {} : { newFile }),
    ...(by === null ? {} : { by }),
    requestId: `s3:${bucket}/${key}#${change}`,
  };
}

function personOf([id = '', name = '']: readonly string[]): Person | null {
  if (!/^[UW][A-Z0-9]{2,}$/.test(id)) return null;
  try {
    return { kind: 'person', id, name: decodeURIComponent(name) || id };
  } catch {
    return null;
  }
}
