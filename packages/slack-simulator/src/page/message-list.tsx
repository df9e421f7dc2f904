import { Fragment, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { WorkspaceMessage } from '../types.ts';
import { Icon } from './icons.tsx';
import { MessageRow } from './message-row.tsx';
import { OlderMessages } from './older-messages.tsx';
import { dateOfTs, dayLabel } from './times.ts';

/** Messages closer together than this, by the same person, share one head; in seconds. */
const GROUP_SECONDS = 300;
/** This close to the end, the list follows new messages; in pixels. */
const NEAR_END = 120;

export function MessageList(props: {
  messages: readonly WorkspaceMessage[];
  isLoaded: boolean;
  user: string;
  openThread: string | null;
  empty: string;
  label: string;
  onThread?: (ts: string) => void;
  /** Loads what comes before the first message; left out when nothing does. */
  onOlder?: () => Promise<void>;
  isThread?: boolean;
}) {
  const { messages, isLoaded, user, openThread, empty, label, onThread, isThread = false } = props;
  const { onOlder } = props;
  const list = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const top = useRef(0);
  const [isBehind, setBehind] = useState(false);
  const newest = messages.at(-1);
  const oldest = messages[0]?.ts ?? '';
  const before = useRef({ oldest, height: 0 });

  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const { scrollHeight } = element;
    // Older messages came above: what was on the screen stays there.
    if (oldest < before.current.oldest && !follows.current) {
      element.scrollTop = top.current + scrollHeight - before.current.height;
    }
    before.current = { oldest, height: scrollHeight };
  });

  useLayoutEffect(() => {
    const element = list.current;
    if (!element || !newest) return;
    // What only I see answers what I have just done.
    const isMine = newest.user === user || newest.ephemeral_for === user;
    if (follows.current || isMine) element.scrollTop = element.scrollHeight;
    else setBehind(true);
  }, [newest?.ts, newest, user]);

  useEffect(() => {
    const element = list.current;
    const content = element?.firstElementChild;
    if (!element || !content) return;
    // Images and edited cards change height after they are shown.
    const observer = new ResizeObserver(() => {
      if (follows.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(content);
    return () => observer.disconnect();
  }, []);

  function onScroll(): void {
    const element = list.current;
    if (!element) return;
    const distance = element.scrollHeight - element.scrollTop - element.clientHeight;
    // Content that grows moves the end away; only a person who scrolls up has left it.
    const isLeaving = element.scrollTop < top.current;
    top.current = element.scrollTop;
    if (distance < NEAR_END) follows.current = true;
    else if (isLeaving) follows.current = false;
    if (follows.current) setBehind(false);
  }

  return (
    <div className="message-area">
      <section
        className="message-scroll"
        ref={list}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long list must be scrollable by keyboard.
        tabIndex={0}
        aria-label={label}
      >
        <div className="message-list">
          {onOlder && <OlderMessages list={list} onOlder={onOlder} />}
          {isLoaded && messages.length === 0 && <p className="empty">{empty}</p>}
          {messages.map((message, index) => {
            const before = messages[index - 1];
            const day = dayLabel(dateOfTs(message.ts));
            const isNewDay = !isThread && (!before || dayLabel(dateOfTs(before.ts)) !== day);
            return (
              <Fragment key={message.ts}>
                {isNewDay && (
                  <p className="day">
                    <span>{day}</span>
                  </p>
                )}
                {isThread && index === 1 && (
                  <p className="day day-replies">
                    <span>
                      {messages.length === 2 ? '1 reply' : `${messages.length - 1} replies`}
                    </span>
                  </p>
                )}
                <MessageRow
                  message={message}
                  user={user}
                  isGrouped={
                    !isNewDay && index !== (isThread ? 1 : 0) && isGrouped(before, message)
                  }
                  isOpen={!isThread && openThread === message.ts}
                  {...(onThread ? { onThread } : {})}
                />
              </Fragment>
            );
          })}
        </div>
      </section>
      {isBehind && (
        <button
          type="button"
          className="jump"
          onClick={() => {
            list.current?.scrollTo({ top: list.current.scrollHeight });
            setBehind(false);
          }}
        >
          New messages
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}

function isGrouped(before: WorkspaceMessage | undefined, message: WorkspaceMessage): boolean {
  return (
    before !== undefined &&
    before.user === message.user &&
    before.reply_count === 0 &&
    message.ephemeral_for === null &&
    before.ephemeral_for === null &&
    Number(message.ts) - Number(before.ts) < GROUP_SECONDS
  );
}
