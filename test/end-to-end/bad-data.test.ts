import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { beforeAll, describe, expect, it } from 'vitest';
import { createLocalClient, type LocalClient } from '../../bot/workspace-page/local-client.ts';
import { plainText } from '../../scripts/demo/plain-text.ts';
import { startApp, temporaryFolder } from './app-process.ts';

/** Eight made-up words that no other row shares, so that no row is a near-duplicate. */
const text = (i: number) =>
  createHash('sha256').update(String(i)).digest('hex').match(/.{8}/g)?.join(' ');
const good = (i: number) => `"${text(i)}",${i % 2 === 0 ? 'ham' : 'spam'}`;
const rows = (count: number) => Array.from({ length: count }, (_, i) => good(i));
const csv = (...lines: readonly string[]) => `${lines.join('\n')}\n`;

describe('a dataset that cannot be used', () => {
  let client: LocalClient;

  beforeAll(async () => {
    const cleanUps: (() => void)[] = [];
    const atEnd = (cleanUp: () => void) => void cleanUps.unshift(cleanUp);
    const app = await startApp(temporaryFolder(atEnd), { atEnd });
    client = createLocalClient({ url: app.url });
    atEnd(() => client.close());
    return () => {
      for (const cleanUp of cleanUps) cleanUp();
    };
  });

  it.each([
    ['without a label column', csv('text,category', ...rows(80)), /“label”/],
    ['with one class', csv('text,label', ...rows(160).filter((row) => row.endsWith('ham'))), /ham/],
    ['with empty rows', csv('text,label', ...rows(60), ...Array(60).fill(',')), /[Rr]ow/],
    ['with three rows', csv('text,label', ...rows(3)), /3 rows|rows/],
    [
      'in another encoding',
      Buffer.concat([
        Buffer.from(csv('text,label', ...rows(60))),
        Buffer.from('caf\xe9,ham\n', 'latin1'),
      ]),
      /UTF-8/,
    ],
  ])('%s ends in seconds with a card that says what to correct', async (name, body, expected) => {
    const fileName = `${name.replaceAll(' ', '-')}.csv`;

    await client.dropDataset({ user: 'U0ADA', model: 'spam', name: fileName, body });
    const card = await client.waitFor(
      async () => {
        const all = await client.messages('C0MLOPS');
        const found = all.find((each) => plainText(each).includes(fileName));
        return found !== undefined && /Production is unchanged/.test(plainText(found))
          ? found
          : null;
      },
      { what: 'a card that ended', timeoutMs: 30_000 },
    );

    expect(plainText(card)).toMatch(expected);
    expect(plainText(card)).toContain('the data cannot be used');
  });

  it('of 200 MB is refused at the upload with the limit', async () => {
    const line = `${good(1)}\n`.repeat(20_000);
    const chunks = Math.ceil((200 * 1024 * 1024) / line.length);
    async function* large() {
      yield Buffer.from('text,label\n');
      for (let i = 0; i < chunks; i++) yield Buffer.from(line);
    }
    const body = Readable.toWeb(Readable.from(large())) as ReadableStream;

    const dropped = client.dropDataset({ user: 'U0ADA', model: 'spam', name: 'huge.csv', body });

    await expect(dropped).rejects.toThrow('The file is larger than 100 MB.');
  });

  it.each(['../../evil.csv', 'a/b.csv', '.hidden.csv', 'notes.txt', 'line\nbreak.csv'])(
    'is refused at the upload for its name %j',
    async (name) => {
      const dropped = client.dropDataset({
        user: 'U0ADA',
        model: 'spam',
        name,
        body: 'text,label\n',
      });

      await expect(dropped).rejects.toThrow(/name|\.csv/);
    },
  );

  it('is refused from a person who cannot start runs', async () => {
    const body = csv('text,label', ...rows(80));

    const dropped = client.dropDataset({ user: 'U0KIT', model: 'spam', name: 'mine.csv', body });

    await expect(dropped).rejects.toThrow(/cannot start runs/);
  });
});
