/** Where people drop datasets: `inbox/<model>/<file>`. */
export const INBOX_PREFIX = 'inbox/';

const DATASET_SUFFIX = /\.(csv|jsonl|ndjson)$/i;
/** Control characters, and those that make a name read in another order than it is written. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const UNREADABLE = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffd]/;
const UNFINISHED = /(\.part|\.tmp|\.crdownload|\.download|\.swp|~)$|^~\$|^\.|^_/i;
const MAX_NAME_BYTES = 200;

/** A file somebody put into the inbox; its content has not been looked at. */
export interface DroppedObject {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | null;
  readonly etag: string;
  readonly model: string;
  /** Untrusted text. */
  readonly fileName: string;
  readonly bytes: number;
  /** The same for every delivery of the event, another for every change of the file. */
  readonly requestId: string;
}

/** The dropped dataset, or, as a sentence, why the object is none. */
export function droppedObject(object: {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: number | null;
  readonly etag: string;
  readonly versionId: string | null;
}): DroppedObject | string {
  const { bucket, key, etag, versionId, bytes } = object;
  if (!key.startsWith(INBOX_PREFIX)) return `${key} is not in the inbox.`;
  if (key.endsWith('/')) return `${key} is a folder.`;
  const [model = '', fileName, ...deeper] = key.slice(INBOX_PREFIX.length).split('/');
  if (fileName === undefined || deeper.length > 0) {
    return `${key} does not lie right in the folder of a model.`;
  }
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(model)) return `“${model}” cannot name a model.`;
  if (UNFINISHED.test(fileName)) return `${key} is being written, or hidden.`;
  if (UNREADABLE.test(fileName) || Buffer.byteLength(fileName) > MAX_NAME_BYTES) {
    return `The name of ${key} cannot be taken.`;
  }
  if (!DATASET_SUFFIX.test(fileName)) return `${key} is not a .csv, .jsonl or .ndjson file.`;
  if (bytes === 0) return `${key} is empty.`;
  const change = versionId === null || versionId === 'null' ? etag : versionId;
  return {
    bucket,
    key,
    versionId: versionId === 'null' ? null : versionId,
    etag,
    model,
    fileName,
    bytes: bytes ?? 0,
    requestId: `s3:${bucket}/${key}#${change}`,
  };
}
