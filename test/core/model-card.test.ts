import { describe, expect, it } from 'vitest';
import { toMarkdown } from '../../pipeline/core/model-card/to-markdown.ts';

describe('a model card as Markdown', () => {
  it('has a heading, a list and tables for each chapter', () => {
    const text = toMarkdown({
      schemaVersion: 1,
      model: 'spam',
      version: 4,
      title: 'Spam filter v4',
      sections: [
        {
          title: 'Data',
          level: 2,
          lines: ['Rows: 10'],
          tables: [
            [
              ['Label', 'Rows'],
              ['ham', '6'],
            ],
          ],
        },
        { title: 'Part', level: 3, lines: [], tables: [] },
      ],
    });

    expect(text).toBe(
      '# Spam filter v4\n\n## Data\n\n- Rows: 10\n\n| Label | Rows |\n| --- | --- |\n| ham | 6 |\n\n### Part\n',
    );
  });

  it('keeps what people named as text: no link, no HTML, no other row', () => {
    const label = '<script>|[x](https://evil.example)\n# `rm`';
    const text = toMarkdown({
      schemaVersion: 1,
      model: 'spam',
      version: 4,
      title: 'T',
      sections: [{ title: 'Data', level: 2, lines: [label], tables: [[['Label'], [label]]] }],
    });

    expect(text).toContain('- \\<script\\>\\|\\[x\\](https://evil.example) \\# \\`rm\\`\n');
    expect(text.split('\n').filter((line) => line.startsWith('|'))).toHaveLength(3);
  });
});
