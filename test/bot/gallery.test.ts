import { describe, expect, it } from 'vitest';
import { inspect } from '../../bot/gallery/example.ts';
import { sections } from '../../bot/gallery/sections.ts';
import { buildGallery } from '../../bot/local/gallery/build-gallery.ts';

describe('the gallery', () => {
  it('contains nothing that Slack would reject', () => {
    const broken = sections().flatMap(({ title, examples }) =>
      examples
        .map((example) => ({ what: `${title} / ${example.name}`, ...inspect(example) }))
        .filter(({ problems }) => problems.length > 0)
        .map(({ what, problems }) => `${what}: ${problems.join('; ')}`),
    );

    expect(broken).toEqual([]);
  });

  it('gives every example of a section a name of its own', () => {
    for (const { title, examples } of sections()) {
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
    ).toMatchObject({ blocks: 1, problems: ['no fallback text'] });
    expect(
      inspect({
        kind: 'message',
        name: 'x',
        content: { text: 'a', blocks: header('a'.repeat(151)) },
      }).problems,
    ).toEqual(['block 0 (header): header has 151 of 150 characters']);
  });

  it('is one page that needs nothing else, whatever text is in it', async () => {
    const page = await buildGallery();

    expect(page).not.toMatch(/<(link|img)\b|<script src=/);
    expect(page.match(/<\/script>/g)).toHaveLength(3);
  });
});
