import { describe, expect, it } from 'vitest';
import { makeInbox, versionOf } from './inbox-harness.ts';

async function* chunks(...texts: readonly string[]) {
  for (const text of texts) yield new TextEncoder().encode(text);
}

describe('an upload', () => {
  it('is stored under its content; what becomes of it is the caller’s', async () => {
    const { inbox, datasets, artifacts } = makeInbox();

    const dataset = await inbox.receive({
      model: 'spam',
      fileName: 'mails.ndjson',
      body: chunks('{"a":', '1}'),
    });

    expect(dataset).toEqual({
      key: `datasets/spam/${versionOf('{"a":1}')}/mails.ndjson`,
      fileName: 'mails.ndjson',
      version: versionOf('{"a":1}'),
      bytes: 7,
    });
    expect(datasets).toEqual([]);
    expect(await artifacts.get(dataset.key)).not.toBeNull();
  });

  it.each([
    ['other', 'mails.csv', 'MODEL_UNKNOWN', 'There is no such model.'],
    ['spam', '../../mails.csv', 'DATASET_INVALID', 'The file name must not contain a path.'],
    ['spam', 'C:\\mails.csv', 'DATASET_INVALID', 'The file name must not contain a path.'],
    ['spam', 'mails.exe', 'DATASET_INVALID', 'A dataset must be a .csv, .jsonl or .ndjson file.'],
    ['spam', '', 'DATASET_INVALID', 'A dataset must be a .csv, .jsonl or .ndjson file.'],
  ])('for %s named %j is refused', async (model, fileName, code, message) => {
    const { inbox, artifacts, datasets } = makeInbox();

    const received = inbox.receive({ model, fileName, body: chunks('x') });

    await expect(received).rejects.toMatchObject({ code, message });
    expect(await artifacts.list('')).toEqual([]);
    expect(datasets).toEqual([]);
  });

  it.each([
    ['that grows too large', chunks('x'.repeat(60), 'x'.repeat(60)), 'larger than'],
    ['with nothing in it', chunks(), 'The file is empty.'],
    [
      'that breaks off',
      (async function* () {
        yield new TextEncoder().encode('half');
        throw new Error('The connection was lost.');
      })(),
      'The connection was lost.',
    ],
  ])('%s leaves nothing behind', async (_, body, message) => {
    const { inbox, artifacts, datasets } = makeInbox({ maxBytes: 100 });

    const received = inbox.receive({
      model: 'spam',
      fileName: 'mails.csv',
      body,
    });

    await expect(received).rejects.toThrow(message);
    expect(await artifacts.list('')).toEqual([]);
    expect(datasets).toEqual([]);
  });
});
