import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import type { LocalClient } from '../../../bot/workspace-page/local-client.ts';
import { attack } from '../attack.ts';
import type { Target } from './target.ts';

/** Files in the inbox that are no datasets. */
export function oddInboxFiles(target: () => Target): void {
  attack(
    'inbox: links, FIFO, odd names',
    'is refused with a message, or ignored',
    async (survives) => {
      const { data, client } = target();
      const inbox = join(data, 'inbox', 'tumour');
      const outside = join(data, 'cli.json');
      const odd: readonly (readonly [string, () => void])[] = [
        ['a link to a secret', () => symlinkSync(outside, join(inbox, 'link.csv'))],
        ['a dangling link', () => symlinkSync('/nowhere', join(inbox, 'dangling.csv'))],
        ['a link to itself', () => symlinkSync('loop.csv', join(inbox, 'loop.csv'))],
        ['a link to a folder', () => symlinkSync('/etc', join(inbox, 'etc.csv'))],
        ['a FIFO', () => execFileSync('mkfifo', [join(inbox, 'fifo.csv')])],
        ['a folder', () => mkdirSync(join(inbox, 'folder.csv'))],
        [
          'a deep file',
          () => {
            mkdirSync(join(inbox, 'deep'));
            writeFileSync(join(inbox, 'deep', 'a.csv'), 'x');
          },
        ],
        ['an empty file', () => writeFileSync(join(inbox, 'empty.csv'), '')],
        ['a program', () => writeFileSync(join(inbox, 'a.exe'), 'x')],
        ['a hidden file', () => writeFileSync(join(inbox, '.hidden.csv'), 'x')],
        ['a line break', () => writeFileSync(join(inbox, 'line\nbreak.csv'), 'x')],
        ['a bidi name', () => writeFileSync(join(inbox, 'a\u202evsc.csv'), 'x')],
        [
          'invalid UTF-8',
          () =>
            writeFileSync(
              Buffer.concat([
                Buffer.from(`${inbox}/od`),
                Buffer.from([0xff]),
                Buffer.from('d.csv'),
              ]),
              'x',
            ),
        ],
        ['no model', () => writeFileSync(join(data, 'inbox', 'loose.csv'), 'x')],
        [
          'another model',
          () => {
            mkdirSync(join(data, 'inbox', 'other'));
            writeFileSync(join(data, 'inbox', 'other', 'a.csv'), 'x');
          },
        ],
        ['markup as a name', () => writeFileSync(join(inbox, '<!channel> *x* <script>.exe'), 'x')],
      ];
      const before = await rootCards(client);
      for (const [what, make] of odd) {
        await survives(what, async () => {
          make();
          await delay(50);
          expect((await client.jobs()).models).toHaveLength(2);
        });
      }
      await delay(1500);
      await survives('no run starts from any of them', async () => {
        expect(await rootCards(client)).toBe(before);
        const texts = (await client.messages('C0MLOPS')).map(({ text }) => text);
        expect(texts.join('\n')).not.toContain('<!channel>');
      });
    },
  );
}

async function rootCards(client: LocalClient): Promise<number> {
  const all = await client.messages('C0MLOPS');
  return all.filter(({ blocks }) => JSON.stringify(blocks).includes('tumour-')).length;
}
