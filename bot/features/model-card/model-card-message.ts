import type { RichTextBlock } from '@slack/types';
import type { ReadCard } from '../../../pipeline/core/evidence/evidence-queries.ts';
import type { CardSection } from '../../../pipeline/core/model-card/model-card.ts';
import { columns } from '../../blocks/columns.ts';
import { shown } from '../../blocks/escape.ts';
import { plural } from '../../blocks/format.ts';
import { type Message, message } from '../../blocks/message.ts';
import { bold, bullets, lines, preformatted, richText, section } from '../../blocks/rich-text.ts';

const MOST_LINES = 15;
const MOST_LINE = 180;
const MOST_ROWS = 13;
/** Cells of a table with this many columns are short. */
const MANY_COLUMNS = 6;

/** The model card of a version, a block a chapter. */
export function modelCardMessage({ card, isKept }: ReadCard): Message {
  const title = `Model card of ${card.model} v${card.version}`;
  return message(title, [
    lines(
      [bold(title)],
      isKept
        ? []
        : ['No card was written when it was registered. This one is from what is still stored.'],
    ),
    ...card.sections.map(sectionBlock),
    lines([
      `npx mlops model-card ${card.model} v${card.version} export=yes prints it as Markdown.`,
    ]),
  ]);
}

function sectionBlock({ title, lines: all, tables }: CardSection): RichTextBlock {
  const rest = all.length - MOST_LINES;
  const listed = [
    ...all.slice(0, MOST_LINES).map((line) => [shown(line, MOST_LINE)]),
    ...(rest > 0 ? [[`and ${plural(rest, 'more line')}`]] : []),
  ];
  return richText(
    section(bold(title)),
    ...(listed.length === 0 ? [] : [bullets(listed)]),
    ...tables.map((rows) => preformatted(tableText(rows))),
  );
}

function tableText([head = [], ...rows]: CardSection['tables'][number]): string {
  const width = head.length < MANY_COLUMNS ? 22 : 9;
  const rest = rows.length - MOST_ROWS;
  const table = columns(
    [head, ...rows.slice(0, MOST_ROWS)].map((row) => row.map((cell) => shown(cell, width))),
  );
  return rest > 0 ? `${table}\nand ${plural(rest, 'more row')}` : table;
}
