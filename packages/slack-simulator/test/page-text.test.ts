import { describe, expect, it } from 'vitest';
import { parseInline, parseMrkdwn } from '../src/page/mrkdwn.ts';
import { suggest } from '../src/page/suggestions.ts';

describe('parseMrkdwn', () => {
  it.each([
    ['&lt;!channel&gt;', [{ kind: 'text', text: '<!channel>' }]],
    [
      '&lt;https://evil.example|click&gt;',
      [{ kind: 'text', text: '<https://evil.example|click>' }],
    ],
    ['&amp;lt;', [{ kind: 'text', text: '&lt;' }]],
    ['<javascript:alert(1)|x>', [{ kind: 'text', text: '<javascript:alert(1)|x>' }]],
    ['<!here>', [{ kind: 'broadcast', text: '@here' }]],
    ['<@U1>', [{ kind: 'user', id: 'U1', text: '' }]],
    ['<https://a.b/?x=1&amp;y=2|a>', [{ kind: 'link', url: 'https://a.b/?x=1&y=2', text: 'a' }]],
    ['`*not bold*`', [{ kind: 'code', text: '*not bold*' }]],
    ['2 * 3 * 4', [{ kind: 'text', text: '2 * 3 * 4' }]],
    ['snake_case_name', [{ kind: 'text', text: 'snake_case_name' }]],
  ])('reads %s', (source, nodes) => {
    expect(parseInline(source)).toEqual(nodes);
  });

  it('nests styles and keeps what is around them', () => {
    expect(parseInline('a *b _c_* :zap:')).toEqual([
      { kind: 'text', text: 'a ' },
      {
        kind: 'bold',
        children: [
          { kind: 'text', text: 'b ' },
          { kind: 'italic', children: [{ kind: 'text', text: 'c' }] },
        ],
      },
      { kind: 'text', text: ' ' },
      { kind: 'emoji', text: 'zap' },
    ]);
  });

  it('separates fences and quotes from lines', () => {
    expect(parseMrkdwn('a\n&gt; b\n```\n*c*\n```')).toMatchObject([
      { kind: 'lines' },
      { kind: 'quote', children: [{ text: 'b' }] },
      { kind: 'fence', text: '*c*' },
    ]);
  });
});

describe('suggest', () => {
  const info = {
    people: [{ id: 'U1', name: 'ada', realName: 'Ada' }],
    usergroups: [],
    app: { name: 'mlops' },
    commands: [
      { command: '/mlops', description: 'Ask', usage_hint: 'status | promote <model> <version>' },
    ],
  } as unknown as Parameters<typeof suggest>[1];

  it.each([
    ['/', ['/mlops ']],
    ['/mlops p', ['/mlops promote ']],
    ['hello @a', ['hello @ada ']],
    ['mail@a', []],
    ['hello', []],
  ])('completes %j', (entry, inserts) => {
    expect(suggest(entry, info).map(({ insert }) => insert)).toEqual(inserts);
  });
});
