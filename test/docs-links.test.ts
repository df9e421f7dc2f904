import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'bench/README.md',
  'training/README.md',
  ...filesUnder('docs').filter((file) => file.endsWith('.md')),
  ...filesUnder('packages').filter((file) => /^packages\/[^/]+\/README\.md$/.test(file)),
];

/** Folders at the root of the repository. Only paths that start with one that exists are checked. */
const folders = [
  '.github',
  'bench',
  'bot',
  'docs',
  'examples',
  'infra',
  'packages',
  'pipeline',
  'scripts',
  'test',
  'training',
].filter((folder) => existsSync(join(root, folder)));

/** How-to pages name files that the reader will create; decision records name files of their time. */
const namesOtherFiles = /^docs\/(?:how-to|decisions)\//;

describe('the documentation', () => {
  it.each(pages)('%s links only to files and headings that exist', (page) => {
    const broken = linksOf(read(page)).filter((link) => !leadsSomewhere(page, link));

    expect(broken).toEqual([]);
  });

  it.each(pages.filter((page) => !namesOtherFiles.test(page)))(
    '%s names only paths that exist',
    (page) => {
      const missing = pathsOf(read(page)).filter(
        (path) => !existsSync(join(root, path)) && !existsSync(join(root, dirname(page), path)),
      );

      expect(missing).toEqual([]);
    },
  );

  it.each([...pages, 'CHANGELOG.md'])('%s has nothing left of a merge', (page) => {
    expect(read(page).match(/^(<<<<<<<|=======$|>>>>>>>).*/gm)).toBeNull();
  });

  it('names in where-is-what.md only code that the linked file has', () => {
    const page = 'docs/where-is-what.md';
    const rows = [...read(page).matchAll(/\]\(([^)]+)\): `([^`]+)`/g)];
    const stale = rows.filter(([, file = '', name = '']) => {
      return !read(join(dirname(page), file)).includes(name);
    });

    expect(rows.length).toBeGreaterThanOrEqual(20);
    expect(stale.map(([row]) => row)).toEqual([]);
  });
});

describe('the check itself', () => {
  it.each([
    ['README.md', 'docs/missing.md'],
    ['README.md', 'docs/architecture.md#no-such-heading'],
    ['docs/slack.md', '#no-such-heading'],
  ])('in %s notices the broken link %s', (page, link) => {
    expect(linksOf(`See [this](${link}).`)).toEqual([link]);
    expect(leadsSomewhere(page, link)).toBe(false);
  });

  it('reads paths from code, and neither commands, placeholders nor other folders', () => {
    const text = '`bot/a.ts`, `npm test`, `bot/features/<name>/`, `data/inbox/x.csv`, `bot/*.ts`';

    expect(pathsOf(text)).toEqual(['bot/a.ts']);
  });
});

/** Targets of inline links that are neither URLs nor mail addresses. */
function linksOf(markdown: string): readonly string[] {
  const links = [...withoutBlocks(markdown).matchAll(/\]\(([^)\s]+)\)/g)];
  return links.map(([, target = '']) => target).filter((target) => !/^[a-z]+:/i.test(target));
}

function leadsSomewhere(page: string, link: string): boolean {
  const [file = '', heading] = link.split('#');
  const target = file === '' ? join(root, page) : resolve(root, dirname(page), file);
  if (!existsSync(target)) return false;
  if (heading === undefined || !target.endsWith('.md')) return true;
  return headingsOf(readFileSync(target, 'utf8')).includes(heading);
}

/** The anchors that GitHub gives to the headings of a page. */
function headingsOf(markdown: string): readonly string[] {
  return [...withoutBlocks(markdown).matchAll(/^#{1,6} (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );
}

/** Paths of this repository that stand in code spans. */
function pathsOf(markdown: string): readonly string[] {
  const spans = [...withoutBlocks(markdown).matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text);
  return spans.filter(
    (text) => /^[\w./@-]+$/.test(text) && folders.some((folder) => text.startsWith(`${folder}/`)),
  );
}

function withoutBlocks(markdown: string): string {
  return markdown.replace(/^```[\s\S]*?^```/gm, '');
}

function filesUnder(folder: string): readonly string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}
