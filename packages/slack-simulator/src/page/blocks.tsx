import { Component, type ReactNode } from 'react';
import type { BlockJson } from '../types.ts';
import { BlockText, Mrkdwn, withEmoji } from './block-text.tsx';
import { BlockElement } from './elements.tsx';
import { InputBlock } from './inputs.tsx';
import { type Json, keyed, object, objects, textOf } from './json.ts';
import { LibraryBlock } from './library-block.tsx';
import { TableBlock } from './table-block.tsx';

/** Block Kit: text and anything that can be clicked is ours, display-only blocks are slack-blocks-to-jsx's. */
export function Blocks({ blocks, fallback }: { blocks: readonly BlockJson[]; fallback: string }) {
  return (
    <div className="blocks">
      {blocks.map((block, index) => (
        <BlockBoundary key={block.block_id ?? index} fallback={fallback}>
          <Block block={block} />
        </BlockBoundary>
      ))}
    </div>
  );
}

function Block({ block }: { block: BlockJson }): ReactNode {
  switch (block.type) {
    case 'section':
      return <SectionBlock block={block} />;
    case 'header':
      return <h3 className="block-header">{withEmoji(textOf(block.text))}</h3>;
    case 'divider':
      return <hr className="block-divider" />;
    case 'context':
      return <ContextBlock block={block} />;
    case 'actions':
      return (
        <div className="block-actions">
          {objects(block.elements).map((element) => (
            <BlockElement
              key={String(element.action_id)}
              blockId={String(block.block_id)}
              element={element}
            />
          ))}
        </div>
      );
    case 'input':
      return <InputBlock block={block} />;
    case 'image':
      return <ImageBlock block={block} />;
    case 'table':
      return <TableBlock block={block} />;
    case 'container':
      return (
        <section className="block-container">
          {block.title ? <h4>{withEmoji(textOf(block.title))}</h4> : null}
          <Blocks blocks={objects(block.child_blocks) as BlockJson[]} fallback="" />
        </section>
      );
    default:
      return <LibraryBlock block={block} />;
  }
}

function SectionBlock({ block }: { block: BlockJson }) {
  const accessory = object(block.accessory);
  const fields = objects(block.fields);
  return (
    <div className="block-section">
      <div className="block-section-main">
        {block.text ? <BlockText object={block.text} /> : null}
        {fields.length > 0 && (
          <div className="block-fields">
            {fields.map((field) => (
              <BlockText key={textOf(field)} object={field} />
            ))}
          </div>
        )}
      </div>
      {accessory && (
        <div className="block-accessory">
          {accessory.type === 'image' ? (
            <img src={imageUrl(accessory)} alt={String(accessory.alt_text ?? '')} />
          ) : (
            <BlockElement blockId={String(block.block_id)} element={accessory} />
          )}
        </div>
      )}
    </div>
  );
}

function ContextBlock({ block }: { block: BlockJson }) {
  return (
    <div className="block-context">
      {keyed(objects(block.elements)).map(([key, element]) =>
        element.type === 'image' ? (
          <img key={key} src={imageUrl(element)} alt={String(element.alt_text)} />
        ) : (
          <BlockText key={key} object={element} />
        ),
      )}
    </div>
  );
}

function ImageBlock({ block }: { block: BlockJson }) {
  const url = imageUrl(block);
  return (
    <figure className="block-image">
      {block.title ? <figcaption>{withEmoji(textOf(block.title))}</figcaption> : null}
      <a href={url} target="_blank" rel="noreferrer noopener">
        <img src={url} alt={String(block.alt_text ?? '')} />
      </a>
    </figure>
  );
}

/** An uploaded file is shown through our own route: Slack's address for it needs the bot's token. */
function imageUrl(image: Json): string {
  const file = object(image.slack_file);
  const id = file?.id ?? /\/(F[0-9A-Z]+)\//.exec(String(file?.url ?? ''))?.[1];
  return id ? `/files/${id}` : String(image.image_url ?? '');
}

/** One block that cannot be shown must not take the message with it. */
class BlockBoundary extends Component<
  { fallback: string; children: ReactNode },
  { failed: boolean }
> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return this.props.fallback ? <Mrkdwn text={this.props.fallback} /> : null;
  }
}
