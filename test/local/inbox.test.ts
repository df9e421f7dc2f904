import { mkdirSync, renameSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeInbox, versionOf } from './inbox-harness.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('the watched folder', () => {
  it('takes a file that is dropped into the folder of a model', async () => {
    const { inbox, datasets, artifacts, until, path } = makeInbox();
    await inbox.start();

    writeFileSync(path('spam/März mails.csv'), 'text,label\n');
    await until(1);

    const version = versionOf('text,label\n');
    const dataset = {
      key: `datasets/spam/${version}/März mails.csv`,
      fileName: 'März mails.csv',
      version,
      bytes: 11,
    };
    expect(datasets).toEqual([
      { dataset, model: 'spam', requestedBy: { kind: 'system', name: 'inbox' } },
    ]);
    expect(new TextDecoder().decode((await artifacts.get(dataset.key)) ?? undefined)).toBe(
      'text,label\n',
    );
  });

  it.each(['append', 'replace'] as const)('takes a file to %s by its folder', async (newFile) => {
    const { inbox, datasets, until, path } = makeInbox();
    await inbox.start();

    mkdirSync(path(`spam/${newFile}`));
    writeFileSync(path(`spam/${newFile}/append.csv`), 'rows');
    writeFileSync(path('spam/append.csv'), 'others');
    await until(2);

    const sorted = datasets.toSorted((a, b) => a.dataset.bytes - b.dataset.bytes);
    expect(sorted.map((each) => [each.dataset.fileName, each.newFile])).toEqual([
      ['append.csv', newFile],
      ['append.csv', undefined],
    ]);
  });

  it('takes what came while it was not watching, once', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'inbox/spam'), { recursive: true });
    writeFileSync(join(folder, 'inbox/spam/early.csv'), 'early');
    writeFileSync(join(folder, 'inbox/spam/odd.exe'), 'odd');
    const first = makeInbox({ folder });
    await first.inbox.start();
    await first.until(2);
    await first.inbox.close();

    const second = makeInbox({ folder });
    await second.inbox.start();
    writeFileSync(second.path('spam/late.csv'), 'late');
    await second.until(1);

    expect(first.datasets.map(({ dataset }) => dataset.fileName)).toEqual(['early.csv']);
    expect(first.refusals.map(({ fileName }) => fileName)).toEqual(['odd.exe']);
    expect(second.datasets.map(({ dataset }) => dataset.fileName)).toEqual(['late.csv']);
    expect(second.refusals).toEqual([]);
  });

  it('takes a file again when its content has changed', async () => {
    const { inbox, datasets, until, path } = makeInbox();
    await inbox.start();
    writeFileSync(path('spam/mails.csv'), 'first');
    await until(1);

    writeFileSync(path('spam/mails.csv'), 'second');
    await until(2);

    expect(datasets.map(({ dataset }) => dataset.version)).toEqual([
      versionOf('first'),
      versionOf('second'),
    ]);
  });

  it('hands a file on again after it failed', async () => {
    const folder = temporaryFolder();
    const failure = new Error('The run could not be started.');
    const first = makeInbox({ folder, onDataset: () => Promise.reject(failure) });
    await first.inbox.start();
    writeFileSync(first.path('spam/mails.csv'), 'rows');
    await first.until(1);
    await first.inbox.close();

    const second = makeInbox({ folder });
    await second.inbox.start();
    await second.until(1);

    expect(first.entries).toEqual([
      {
        message: 'A file in the inbox could not be handled.',
        about: 'spam/mails.csv',
        error: failure,
      },
    ]);
    expect(second.datasets).toHaveLength(1);
  });

  it('hands a file on again by itself, once the disk has space', async () => {
    let calls = 0;
    const { inbox, path, until, datasets, entries } = makeInbox({
      retrySeconds: 0.02,
      onDataset() {
        calls += 1;
        if (calls < 3) throw Object.assign(new Error('no space left'), { code: 'SQLITE_FULL' });
      },
    });
    await inbox.start();

    writeFileSync(path('spam/mails.csv'), 'rows');
    await until(3);

    expect(entries).toHaveLength(2);
    expect(datasets).toHaveLength(1);
  });

  it('reports a refused file again until it was announced', async () => {
    const folder = temporaryFolder();
    const first = makeInbox({ folder, announced: Promise.resolve(false) });
    await first.inbox.start();
    writeFileSync(first.path('spam/odd.exe'), 'odd');
    await first.until(1);
    await first.inbox.close();
    const second = makeInbox({ folder });
    await second.inbox.start();
    await second.until(1);
    await second.inbox.close();

    const third = makeInbox({ folder });
    await third.inbox.start();
    writeFileSync(third.path('spam/late.csv'), 'late');
    await third.until(1);

    expect(second.refusals).toEqual(first.refusals);
    expect(third.refusals).toEqual([]);
  });

  it('takes other files while a refused one cannot be announced', async () => {
    const { inbox, datasets, until, path } = makeInbox({ announced: new Promise(() => {}) });
    await inbox.start();
    writeFileSync(path('spam/odd.exe'), 'odd');
    await until(1);

    writeFileSync(path('spam/mails.csv'), 'rows');
    await until(2);

    expect(datasets).toHaveLength(1);
  });

  it.each([
    ['mails.csv', null, 'Put the file into the folder of its model: spam, tumour.'],
    ['other/mails.csv', null, 'Put the file into the folder of its model: spam, tumour.'],
    [
      'spam/deep/mails.csv',
      'spam',
      'Put the file directly into the folder spam, or into spam/append or spam/replace.',
    ],
    [
      'spam/append/deep/mails.csv',
      'spam',
      'Put the file directly into the folder spam, or into spam/append or spam/replace.',
    ],
    ['spam/mails.xlsx', 'spam', 'A dataset must be a .csv, .jsonl or .ndjson file.'],
    ['spam/.mails.csv', 'spam', 'The file name must not start with a dot.'],
    ['spam/a\u202evsc.csv', 'spam', 'The file name contains unreadable characters.'],
    ['spam/line\nbreak.csv', 'spam', 'The file name contains unreadable characters.'],
    [`spam/${'x'.repeat(197)}.csv`, 'spam', 'The file name is too long.'],
    ['spam/large.csv', 'spam', 'The file is larger than 0 MB.'],
  ])('refuses %j once', async (name, model, reason) => {
    const { inbox, datasets, refusals, until, path } = makeInbox({ maxBytes: 100 });
    await inbox.start();
    mkdirSync(join(path(name), '..'), { recursive: true });

    writeFileSync(path(name), name.includes('large') ? 'x'.repeat(101) : 'rows');
    await until(1);

    expect(refusals).toEqual([{ fileName: name.split('/').at(-1), model, reason }]);
    expect(datasets).toEqual([]);
  });

  it('refuses an empty file, until something is in it', async () => {
    const { inbox, datasets, refusals, until, path } = makeInbox();
    await inbox.start();
    writeFileSync(path('spam/mails.csv'), '');
    await until(1);

    writeFileSync(path('spam/mails.csv'), 'rows');
    await until(2);

    expect(refusals.map(({ reason }) => reason)).toEqual(['The file is empty.']);
    expect(datasets).toHaveLength(1);
  });

  it('refuses a link, whatever it leads to', async () => {
    const { inbox, datasets, refusals, until, path, folder } = makeInbox();
    writeFileSync(join(folder, 'secret.csv'), 'secret');
    await inbox.start();

    symlinkSync(join(folder, 'secret.csv'), path('spam/link.csv'));
    await until(1);

    expect(refusals.map(({ reason }) => reason)).toEqual([
      'Links are not accepted; copy the file itself.',
    ]);
    expect(datasets).toEqual([]);
  });

  it('takes no notice of unfinished files until they get their name', async () => {
    const { inbox, datasets, refusals, until, path } = makeInbox();
    await inbox.start();
    for (const name of ['mails.csv.part', 'mails.csv~', '~$mails.csv', '.DS_Store', 'x.tmp']) {
      writeFileSync(path(`spam/${name}`), 'half');
    }

    renameSync(path('spam/mails.csv.part'), path('spam/mails.csv'));
    await until(1);
    utimesSync(path('spam/x.tmp'), 1, 1);
    writeFileSync(path('tumour/cells.jsonl'), '{}');
    await until(2);

    expect(datasets.map(({ dataset }) => dataset.fileName)).toEqual(['mails.csv', 'cells.jsonl']);
    expect(refusals).toEqual([]);
  });
});
