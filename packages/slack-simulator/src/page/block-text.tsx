import { Fragment, type ReactNode } from 'react';
import { useDirectory } from './directory.tsx';
import { emojiOf } from './emoji.ts';
import { keyed, object, textOf } from './json.ts';
import { type Inline, parseMrkdwn } from './mrkdwn.ts';
import { formatSlackDate } from './times.ts';

/** A text object of Block Kit, `mrkdwn` or `plain_text`. */
export function BlockText({ object: value }: { object: unknown }) {
  const text = textOf(value);
  if (object(value)?.type === 'mrkdwn') return <Mrkdwn text={text} />;
  return <span className="plain-text">{withEmoji(text)}</span>;
}

export function Mrkdwn({ text }: { text: string }) {
  return (
    <div className="mrkdwn">
      {keyed(parseMrkdwn(text)).map(([key, part]) => {
        if (part.kind === 'fence') {
          return (
            <pre key={key} className="fence">
              <code>{part.text}</code>
            </pre>
          );
        }
        const Tag = part.kind === 'quote' ? 'blockquote' : 'p';
        return (
          <Tag key={key}>
            <Inlines nodes={part.children} />
          </Tag>
        );
      })}
    </div>
  );
}

function Inlines({ nodes }: { nodes: readonly Inline[] }): ReactNode {
  return keyed(nodes).map(([key, node]) => (
    <Fragment key={key}>
      <InlineNode node={node} />
    </Fragment>
  ));
}

function InlineNode({ node }: { node: Inline }): ReactNode {
  const directory = useDirectory();
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'code':
      return <code className="inline-code">{node.text}</code>;
    case 'emoji':
      return <Emoji name={node.text} />;
    case 'bold':
      return (
        <strong>
          <Inlines nodes={node.children} />
        </strong>
      );
    case 'italic':
      return (
        <em>
          <Inlines nodes={node.children} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <Inlines nodes={node.children} />
        </s>
      );
    case 'link':
      return (
        <a href={node.url} target="_blank" rel="noreferrer noopener">
          {withEmoji(node.text)}
        </a>
      );
    case 'user':
      return <span className="mention">@{directory.member(node.id).name}</span>;
    case 'channel':
      return <span className="mention">#{node.text || directory.channelName(node.id)}</span>;
    case 'group':
      return <span className="mention">@{directory.groupName(node.id)}</span>;
    case 'broadcast':
      return <span className="mention mention-loud">{node.text}</span>;
    case 'date': {
      const label = node.format ? formatSlackDate(node.seconds, node.format) : node.text;
      const time = <time dateTime={new Date(node.seconds * 1000).toISOString()}>{label}</time>;
      return node.url ? (
        <a href={node.url} target="_blank" rel="noreferrer noopener">
          {time}
        </a>
      ) : (
        time
      );
    }
  }
}

function Emoji({ name }: { name: string }) {
  const character = emojiOf(name);
  return character.startsWith(':') ? (
    character
  ) : (
    <span className="emoji" role="img" aria-label={name.replaceAll('_', ' ')}>
      {character}
    </span>
  );
}

/** Plain text knows emoji names and nothing else. */
export function withEmoji(text: string): ReactNode {
  const parts = text.split(/:([a-z0-9_+'-]+):/g);
  return keyed(parts).map(([key, part]) => (
    <Fragment key={key}>{key % 2 === 1 ? <Emoji name={part} /> : part}</Fragment>
  ));
}
