import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildGallery } from '../../bot/gallery/build-gallery.ts';
import { inspect } from '../../bot/gallery/example.ts';
import { sections } from '../../bot/gallery/sections.ts';

const all = sections();

describe('the gallery', () => {
  it('contains nothing that Slack would reject', () => {
    const broken = all.flatMap(({ title, examples }) =>
      examples
        .map((example) => ({ what: `${title} / ${example.name}`, ...inspect(example) }))
        .filter(({ problems }) => problems.length > 0)
        .map(({ what, problems }) => `${what}: ${problems.join('; ')}`),
    );

    expect(broken).toEqual([]);
  });

  it('gives every example of a section a name of its own', () => {
    for (const { title, examples } of all) {
      const names = examples.map(({ name }) => name);
      expect([title, new Set(names).size]).toEqual([title, names.length]);
    }
  });

  it('notices a message without text and one that is too long', () => {
    const header = (text: string) => [
      { type: 'header' as const, text: { type: 'plain_text' as const, text } },
    ];

    expect(
      inspect({ kind: 'message', name: 'x', content: { text: '', blocks: header('a') } }),
    ).toMatchObject({ blocks: 1, problems: ['no fallback text [json-pointer:/text]'] });
    expect(
      inspect({
        kind: 'message',
        name: 'x',
        content: { text: 'a', blocks: header('a'.repeat(151)) },
      }).problems,
    ).toEqual(['must be less than 151 characters [json-pointer:/blocks/0/text/text]']);
  });

  it('styles every class its own page uses', () => {
    const folder = resolve(import.meta.dirname, '../../bot/gallery/page');
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    const pages = readdirSync(folder).filter((name) => name.endsWith('.tsx'));
    const used = pages.flatMap(
      (name) => read(name).match(/(?<=[" ])(?:gallery|example)-\w+/g) ?? [],
    );
    const style = read('style.css');

    expect(used.length).toBeGreaterThan(5);
    expect(used.filter((name) => !style.includes(`.${name} `))).toEqual([]);
  });

  it('is one page that needs nothing else, whatever text is in it', async () => {
    const page = await buildGallery();

    expect(page).not.toMatch(/<(link|img)\b|<script src=/);
    expect(page.match(/<\/script>/g)).toHaveLength(3);
  });
});
