import { useCallback, useEffect } from 'react';
import { api } from './api.ts';
import { AppHead } from './app-head.tsx';
import { Composer } from './composer.tsx';
import { useDirectory } from './directory.tsx';
import { Icon } from './icons.tsx';
import { MessageList } from './message-list.tsx';
import { PAGE_SIZE, type PageAction, type PageState, topLevel } from './workspace-state.ts';

/** A channel, or the app's Messages tab: messages above, composer below. */
export function Conversation(props: {
  state: PageState;
  channel: string;
  dispatch: (action: PageAction) => void;
  onMenu: () => void;
}) {
  const { state, channel, dispatch, onMenu } = props;
  const { info, placeName } = useDirectory();
  const isDirect = state.place.kind === 'app';
  const known = info.channels.find(({ id }) => id === channel);
  const title = placeName(channel);

  const openThread = useCallback(
    (ts: string) => dispatch({ type: 'opened thread', thread: { channel, ts } }),
    [channel, dispatch],
  );

  const { user } = state;
  const before = state.loadedFrom[channel] ?? '';
  const loadOlder = useCallback(async () => {
    const messages = await api.messages(channel, { user, before, limit: PAGE_SIZE });
    dispatch({ type: 'loaded page', channel, messages });
  }, [channel, user, before, dispatch]);

  useEffect(() => {
    if (isDirect) void api.openHome(state.user, 'messages').catch(() => {});
  }, [isDirect, state.user]);

  return (
    <>
      {isDirect ? (
        <AppHead tab="messages" dispatch={dispatch} onMenu={onMenu} />
      ) : (
        <header className="main-head">
          <div className="main-title">
            <button
              type="button"
              className="icon-button menu-button"
              aria-label="Open the menu"
              onClick={onMenu}
            >
              <Icon name="menu" />
            </button>
            <h2>
              <Icon name="hash" />
              {known?.name}
            </h2>
            {known?.topic && <p className="topic">{known.topic}</p>}
          </div>
        </header>
      )}
      <MessageList
        messages={topLevel(state, channel)}
        isLoaded={state.loaded.has(channel)}
        user={state.user}
        openThread={state.thread?.ts ?? null}
        empty={`This is the very beginning of ${title}.`}
        label={`Messages in ${title}`}
        onThread={openThread}
        {...(before ? { onOlder: loadOlder } : {})}
      />
      <Composer
        placeholder={`Message ${title}`}
        onSend={(text) =>
          text.startsWith('/')
            ? api.command({ user: state.user, channel, text })
            : api.post({ user: state.user, channel, text })
        }
        onFile={(file) => api.share({ user: state.user, channel, name: file.name, body: file })}
      />
    </>
  );
}
