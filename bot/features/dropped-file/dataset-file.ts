import type { WebClient } from '@slack/web-api';
import {
  isNoDataset,
  MAX_DATASET_BYTES,
  refuseFileName,
} from '../../../pipeline/core/dataset-file.ts';
import { MlopsError } from '../../../pipeline/core/errors.ts';
import { bytes } from '../../blocks/format.ts';

/** A file that somebody shared in Slack, as far as it matters as a dataset. */
export interface SharedFile {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  readonly url: string;
}

/** Endings that say that a file is meant as data, also where it is not accepted. */
const DATA = /\.(csv|jsonl|ndjson|tsv|json|xlsx?|parquet|gz|zip)$/i;

/** What Slack says of the file; null when it is no data, or no longer there. */
export async function readFile(
  { files }: Pick<WebClient, 'files'>,
  id: string,
): Promise<SharedFile | null> {
  const { file } = await files.info({ file: id });
  const { name = '', size = 0, url_private_download: url = '' } = file ?? {};
  if (!DATA.test(name) || isNoDataset(name) || url === '') return null;
  return { id, name, bytes: size, url };
}

/** Why a file cannot be a dataset, as a sentence; null when it can. */
export function refuseFile({ name, bytes: size }: SharedFile): string | null {
  if (size > MAX_DATASET_BYTES) {
    return `${bytes(size)} are more than the ${bytes(MAX_DATASET_BYTES)} that a dataset may have.`;
  }
  return size === 0 ? 'The file is empty.' : refuseFileName(name);
}

const SLACK_FILES = 'https://files.slack.com';

/**
 * The bytes of the file. The token goes to Slack's own address for files, or to the server that
 * stands for Slack, and nowhere else.
 * @throws {MlopsError} `DATASET_INVALID` when Slack does not return it.
 */
export async function download(
  client: Pick<WebClient, 'token' | 'slackApiUrl'>,
  { url }: SharedFile,
): Promise<AsyncIterable<Uint8Array>> {
  const { origin } = new URL(url);
  if (origin !== SLACK_FILES && origin !== new URL(client.slackApiUrl).origin) {
    throw notReturned('its address is not Slack’s.');
  }
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${client.token}` },
    // A redirect would take the token along, and leads to a page that asks to sign in.
    redirect: 'error',
    signal: AbortSignal.timeout(DOWNLOAD_MILLISECONDS),
  });
  const type = response.headers.get('content-type') ?? '';
  if (!response.ok || response.body === null || type.startsWith('text/html')) {
    throw notReturned(`it answered ${response.status}. Does the app have the scope files:read?`);
  }
  return response.body as unknown as AsyncIterable<Uint8Array>;
}

/** 100 MB at 2 MB/s. */
const DOWNLOAD_MILLISECONDS = 50_000;

const notReturned = (why: string) =>
  new MlopsError('DATASET_INVALID', `Slack did not return the file: ${why}`);
