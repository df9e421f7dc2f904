import type { CardSection, ModelCard } from './model-card.ts';

/** The card as Markdown; what people named is text in it, never markup. */
export function toMarkdown({ title, sections }: ModelCard): string {
  return [`# ${plain(title)}`, ...sections.flatMap(sectionText)].join('\n\n').concat('\n');
}

function sectionText({ title, level, lines, tables }: CardSection): readonly string[] {
  return [
    `${'#'.repeat(level)} ${plain(title)}`,
    ...(lines.length === 0 ? [] : [lines.map((line) => `- ${plain(line)}`).join('\n')]),
    ...tables.map(tableText),
  ];
}

function tableText([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(plain).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** One line without control characters, in which no character means anything to Markdown or HTML. */
function plain(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .replace(/[\\`*_{}[\]<>#|~!&]/g, '\\$&');
}
