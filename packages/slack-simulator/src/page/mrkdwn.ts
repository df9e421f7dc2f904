/**
 * Slack's mrkdwn as a tree. Pure. Markup is recognised before `&lt;` is read back, so that escaped text never
 * becomes a link or a mention (slack-blocks-to-jsx 1.1.1 reads it back first, hence our own parser).
 */

export type Inline =
  | { readonly kind: 'text' | 'code' | 'emoji'; readonly text: string }
  | { readonly kind: 'bold' | 'italic' | 'strike'; readonly children: readonly Inline[] }
  | { readonly kind: 'link'; readonly url: string; readonly text: string }
  | { readonly kind: 'user' | 'channel' | 'group'; readonly id: string; readonly text: string }
  | { readonly kind: 'broadcast'; readonly text: string }
  | {
      readonly kind: 'date';
      readonly seconds: number;
      readonly format: string;
      readonly url: string;
      readonly text: string;
    };

export type Paragraph =
  | { readonly kind: 'lines' | 'quote'; readonly children: readonly Inline[] }
  | { readonly kind: 'fence'; readonly text: string };

export function parseMrkdwn(source: string): readonly Paragraph[] {
  return source.split(/\n?```\n?([\s\S]*?)```/g).flatMap((part, index): Paragraph[] => {
    if (index % 2 === 1) return [{ kind: 'fence', text: readBack(part.replace(/\n$/, '')) }];
    return paragraphs(index === 0 ? part : part.replace(/^\n/, ''));
  });
}

function paragraphs(source: string): Paragraph[] {
  if (source === '') return [];
  const found: { kind: 'lines' | 'quote'; lines: string[] }[] = [];
  for (const line of source.split('\n')) {
    const quoted = /^(?:&gt;|>)\s?(.*)$/.exec(line);
    const kind = quoted ? 'quote' : 'lines';
    const last = found.at(-1);
    if (last?.kind === kind) last.lines.push(quoted?.[1] ?? line);
    else found.push({ kind, lines: [quoted?.[1] ?? line] });
  }
  return found.map(({ kind, lines }) => ({ kind, children: parseInline(lines.join('\n')) }));
}

const MARKUP = new RegExp(
  [
    '(?<code>`[^`\\n]+`)',
    '(?<angle><[^<>\\n]+>)',
    "(?<emoji>:[a-z0-9_+'-]+:)",
    '(?<![\\w*])\\*(?<bold>[^\\s*](?:[^*\\n]*[^\\s*])?)\\*(?![\\w*])',
    '(?<![\\w])_(?<italic>[^\\s_](?:[^\\n]*?[^\\s_])?)_(?![\\w])',
    '(?<![\\w~])~(?<strike>[^\\s~](?:[^~\\n]*[^\\s~])?)~(?![\\w~])',
  ].join('|'),
  'g',
);

export function parseInline(source: string): readonly Inline[] {
  const nodes: Inline[] = [];
  let at = 0;
  for (const match of source.matchAll(MARKUP)) {
    if (match.index > at) nodes.push(plain(source.slice(at, match.index)));
    nodes.push(node(match.groups ?? {}, match[0]));
    at = match.index + match[0].length;
  }
  if (at < source.length) nodes.push(plain(source.slice(at)));
  return nodes;
}

function node(groups: Readonly<Record<string, string | undefined>>, raw: string): Inline {
  const { code, angle, emoji, bold, italic, strike } = groups;
  if (code) return { kind: 'code', text: readBack(code.slice(1, -1)) };
  if (angle) return angled(angle.slice(1, -1)) ?? plain(raw);
  if (emoji) return { kind: 'emoji', text: emoji.slice(1, -1) };
  if (bold) return { kind: 'bold', children: parseInline(bold) };
  if (italic) return { kind: 'italic', children: parseInline(italic) };
  if (strike) return { kind: 'strike', children: parseInline(strike) };
  return plain(raw);
}

function angled(inner: string): Inline | undefined {
  const [head = '', ...rest] = inner.split('|');
  const label = readBack(rest.join('|'));
  if (head.startsWith('@')) return { kind: 'user', id: head.slice(1), text: label };
  if (head.startsWith('#')) return { kind: 'channel', id: head.slice(1), text: label };
  if (head.startsWith('!')) return special(head.slice(1), label);
  const url = readBack(head);
  if (!/^(https?:\/\/|mailto:)/i.test(url)) return undefined;
  return { kind: 'link', url, text: label || url.replace(/^mailto:/i, '') };
}

function special(head: string, label: string): Inline | undefined {
  if (/^(channel|here|everyone)$/.test(head)) return { kind: 'broadcast', text: `@${head}` };
  const [name, first = '', format = '', link = ''] = head.split('^');
  if (name === 'subteam') return { kind: 'group', id: first, text: label };
  if (name !== 'date' || Number.isNaN(Number(first))) return undefined;
  const url = /^https?:\/\//i.test(link) ? readBack(link) : '';
  return { kind: 'date', seconds: Number(first), format: readBack(format), url, text: label };
}

function plain(text: string): Inline {
  return { kind: 'text', text: readBack(text) };
}

function readBack(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
