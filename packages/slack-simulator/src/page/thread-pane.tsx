import { useEffect, useRef } from 'react';
import { api } from './api.ts';
import { Composer } from './composer.tsx';
import { CloseIcon } from './dialog.tsx';
import { useDirectory } from './directory.tsx';
import { MessageList } from './message-list.tsx';
import { type PageAction, type PageState, threadOf } from './workspace-state.ts';

export function ThreadPane(props: { state: PageState; dispatch: (action: PageAction) => void }) {
  const { state, dispatch } = props;
  const { thread, user } = state;
  const directory = useDirectory();
  const pane = useRef<HTMLElement>(null);

  useEffect(() => {
    if (thread) pane.current?.focus({ preventScroll: true });
  }, [thread]);

  if (!thread) return null;
  const close = (): void => dispatch({ type: 'opened thread', thread: null });

  return (
    <aside
      className="thread"
      aria-label="Thread"
      ref={pane}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) close();
      }}
    >
      <header className="main-head">
        <div className="main-title">
          <h2>Thread</h2>
          <p className="topic">{directory.placeName(thread.channel)}</p>
          <button
            type="button"
            className="icon-button"
            aria-label="Close the thread"
            onClick={close}
          >
            <CloseIcon />
          </button>
        </div>
      </header>
      <MessageList
        key={thread.ts}
        messages={threadOf(state)}
        isLoaded={true}
        user={user}
        openThread={null}
        empty="This thread is gone."
        label="Messages in this thread"
        isThread
      />
      <Composer
        placeholder="Reply…"
        commandsRefused="Slash commands do not work in threads. Use them in the channel."
        onSend={(text) => api.post({ user, channel: thread.channel, text, thread_ts: thread.ts })}
        onFile={(file) =>
          api.share({
            user,
            channel: thread.channel,
            thread_ts: thread.ts,
            name: file.name,
            body: file,
          })
        }
      />
    </aside>
  );
}
