import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { entriesUnder } from '../../../pipeline/local/folders.ts';
import { attack } from '../attack.ts';
import { waitForCard } from '../running-app.ts';
import { send } from '../send.ts';
import { expectRefused, type Target } from './target.ts';

/** Datasets with odd names, broken off, or larger than allowed. */
export function uploads(target: () => Target): void {
  attack('uploads: names, aborted, over the limit', 'leave nothing behind', async (survives) => {
    const { data, url, client } = target();
    const dropPath = (name: string, model = 'tumour', user = 'U0ADA') =>
      `/plugins/pipeline/datasets/${model}?${new URLSearchParams({ name, user })}`;
    const names = [
      '../../evil.csv',
      '..\\evil.csv',
      '/etc/evil.csv',
      'C:\\evil.csv',
      'a/b.csv',
      '.csv',
      '.hidden.csv',
      '',
      ' ',
      'evil',
      'evil.exe',
      'evil.csv.exe',
      'evil.csv/',
      'line\nbreak.csv',
      'nul\u0000.csv',
      'bidi\u202e.csv',
      `${'x'.repeat(300)}.csv`,
      `${'ü'.repeat(200)}.csv`,
      '\u0007bell.csv',
      '~/evil.csv;',
    ];
    const before = (await entriesUnder(join(data, 'artifacts'))).length;
    for (const name of names) {
      await survives(`the name ${JSON.stringify(name).slice(0, 30)}`, async () => {
        expectRefused(await send(url, { path: dropPath(name), body: 'a,b\n1,2\n' }));
      });
    }
    for (const [model, user] of [
      ['nothing', 'U0ADA'],
      ['..', 'U0ADA'],
      ['tumour', 'U0KIT'],
      ['tumour', ''],
      ['tumour', 'U0NONE'],
    ] as const) {
      await survives(`the model ${model} by ${user || 'no user'}`, async () => {
        expectRefused(
          await send(url, { path: dropPath('a.csv', model, user), body: 'a,b\n1,2\n' }),
        );
      });
    }
    for (const bytes of [0, 1, 65_536]) {
      await survives(`broken off after ${bytes} bytes`, async () => {
        const { hostname, port } = new URL(url);
        const socket = connect(Number(port), hostname);
        socket.on('error', () => {});
        socket.write(
          `POST ${dropPath('aborted.csv')} HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-length: 1000000\r\n\r\n${'x'.repeat(bytes)}`,
        );
        await delay(100);
        socket.destroy();
        await delay(100);
        expect((await client.jobs()).models).toHaveLength(2);
      });
    }
    await survives('nothing of them is kept', async () => {
      await delay(300);
      expect((await entriesUnder(join(data, 'artifacts'))).length).toBe(before);
    });
    await survives('1.1 GiB through the inbox, sparse', async () => {
      const file = join(data, 'inbox', 'tumour', 'huge.csv');
      writeFileSync(file, '');
      truncateSync(file, 1100 * 1024 ** 2);
      await waitForCard(client, /huge\.csv[^"]*/);
      rmSync(file);
    });
  });
}
