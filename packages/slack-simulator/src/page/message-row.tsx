import { memo, useState } from 'react';
import type { WorkspaceMessage } from '../types.ts';
import { api } from './api.ts';
import { Avatar } from './avatar.tsx';
import { Mrkdwn } from './block-text.tsx';
import { Blocks } from './blocks.tsx';
import { CloseIcon } from './dialog.tsx';
import { useDirectory } from './directory.tsx';
import { emojiOf } from './emoji.ts';
import { Icon } from './icons.tsx';
import { Menu } from './menu.tsx';
import { MessageFiles } from './message-files.tsx';
import { failureText, SurfaceProvider } from './surface.tsx';
import { ago, clock, dateOfTs } from './times.ts';

/** Memoised: a page full of cards must not be rendered again for every event. */
export const MessageRow = memo(function MessageRow(props: {
  message: WorkspaceMessage;
  user: string;
  isGrouped: boolean;
  isOpen: boolean;
  onThread?: (ts: string) => void;
}) {
  const { message, user, isGrouped, isOpen, onThread } = props;
  const directory = useDirectory();
  const member = directory.member(message.user);
  const date = dateOfTs(message.ts);
  const isEphemeral = message.ephemeral_for !== null;
  const classes = [
    'message',
    isGrouped && 'is-grouped',
    isOpen && 'is-open',
    isEphemeral && 'is-ephemeral',
  ];

  return (
    <article
      className={classes.filter(Boolean).join(' ')}
      data-ts={message.ts}
      aria-label={`${member.name}, ${clock(date)}`}
    >
      <div className="message-side">
        {isGrouped ? (
          <time className="side-time">{clock(date)}</time>
        ) : (
          <Avatar id={message.user} />
        )}
      </div>
      <div className="message-main">
        {isEphemeral && (
          <p className="only-you">
            <Icon name="eye" />
            Only visible to you
            <button
              type="button"
              className="only-you-dismiss"
              onClick={() => void api.dismiss(user, message.channel, message.ts)}
            >
              Dismiss message
            </button>
          </p>
        )}
        {!isGrouped && (
          <header className="message-head">
            <strong>{member.name}</strong>
            {member.isApp && <span className="badge">App</span>}
            <time dateTime={date.toISOString()} title={date.toLocaleString()}>
              {clock(date)}
            </time>
            {message.edited && <span className="edited">(edited)</span>}
          </header>
        )}
        <SurfaceProvider
          user={user}
          place={{ channel: message.channel, ts: message.ts }}
          blocks={message.blocks}
        >
          {message.blocks.length > 0 ? (
            <Blocks blocks={message.blocks} fallback={message.text} />
          ) : (
            message.text && <Mrkdwn text={message.text} />
          )}
        </SurfaceProvider>
        <MessageFiles files={message.files} />
        <Reactions message={message} />
        {onThread && message.reply_count > 0 && (
          <ThreadLink message={message} onThread={onThread} />
        )}
      </div>
      {!isEphemeral && (
        <MessageTools message={message} user={user} {...(onThread ? { onThread } : {})} />
      )}
    </article>
  );
});

function ThreadLink(props: { message: WorkspaceMessage; onThread: (ts: string) => void }) {
  const { message, onThread } = props;
  const count = message.reply_count;
  return (
    <button type="button" className="thread-link" onClick={() => onThread(message.ts)}>
      {message.reply_users.slice(0, 4).map((id) => (
        <Avatar key={id} id={id} size={22} />
      ))}
      <strong>{count === 1 ? '1 reply' : `${count} replies`}</strong>
      {message.latest_reply && <span>Last reply {ago(dateOfTs(message.latest_reply))}</span>}
    </button>
  );
}

function Reactions({ message }: { message: WorkspaceMessage }) {
  if (message.reactions.length === 0) return null;
  return (
    <ul className="reactions" aria-label="Reactions">
      {message.reactions.map(({ name, count }) => (
        <li key={name} title={`:${name}:`}>
          <span className="emoji">{emojiOf(name)}</span> {count}
        </li>
      ))}
    </ul>
  );
}

/** Appears on hover and on keyboard focus: reply, and the app's message shortcuts. */
function MessageTools(props: {
  message: WorkspaceMessage;
  user: string;
  onThread?: (ts: string) => void;
}) {
  const { message, user, onThread } = props;
  const { info } = useDirectory();
  const [failure, setFailure] = useState<string | null>(null);
  const shortcuts = info.shortcuts.filter(({ type }) => type === 'message');
  if (!onThread && shortcuts.length === 0) return null;

  async function run(callbackId: string): Promise<void> {
    const { channel, ts } = message;
    const delivery = await api.shortcut({ user, callback_id: callbackId, channel, ts });
    setFailure(delivery.ok ? null : failureText(delivery.error));
  }

  return (
    <div className="message-tools">
      {onThread && (
        <button
          type="button"
          className="icon-button"
          aria-label="Reply in thread"
          title="Reply in thread"
          onClick={() => onThread(message.thread_ts ?? message.ts)}
        >
          <Icon name="reply" />
        </button>
      )}
      {shortcuts.length > 0 && (
        <Menu
          label="Message shortcuts"
          className="icon-button"
          items={shortcuts.map(({ callback_id, name }) => ({
            key: callback_id,
            label: (
              <>
                {name} <small>{info.app.name}</small>
              </>
            ),
            onChoose: () => void run(callback_id),
          }))}
        >
          <span className="more-dots" aria-hidden="true">
            ⋯
          </span>
        </Menu>
      )}
      {failure && (
        <p className="failure" role="alert">
          {failure}
          <button
            type="button"
            className="icon-button"
            aria-label="Close"
            onClick={() => setFailure(null)}
          >
            <CloseIcon />
          </button>
        </p>
      )}
    </div>
  );
}
