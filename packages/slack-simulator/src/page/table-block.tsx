import type { BlockJson } from '../types.ts';
import { withEmoji } from './block-text.tsx';
import { type Json, keyed, object, objects } from './json.ts';
import { LibraryBlock } from './library-block.tsx';

/** Our own: slack-blocks-to-jsx 1.1.1 breaks on `raw_number` cells. */
export function TableBlock({ block }: { block: BlockJson }) {
  const settings = objects(block.column_settings);
  const [head = [], ...body] = Array.isArray(block.rows) ? block.rows.map(objects) : [];
  const alignment = (column: number) => String(settings[column]?.align ?? 'left');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table must be scrollable by keyboard.
    <section className="block-table" tabIndex={0} aria-label="Table">
      <table>
        <thead>
          <tr>{cells(head, 'th', alignment)}</tr>
        </thead>
        <tbody>
          {keyed(body).map(([key, row]) => (
            <tr key={key}>{cells(row, 'td', alignment)}</tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function cells(row: readonly Json[], Tag: 'th' | 'td', alignment: (column: number) => string) {
  return keyed(row).map(([column, cell]) => (
    <Tag
      key={column}
      className={`align-${alignment(column)}`}
      {...(Tag === 'th' ? { scope: 'col' } : {})}
    >
      {cell.type === 'rich_text' && object(cell) ? (
        <LibraryBlock block={cell as unknown as BlockJson} />
      ) : (
        withEmoji(String(cell.text ?? cell.value ?? ''))
      )}
    </Tag>
  ));
}
