import { useEffect, useMemo, useState } from 'react';
import { Announcer } from './announcer.tsx';
import { Conversation } from './conversation.tsx';
import { createDirectory, DirectoryProvider } from './directory.tsx';
import { HomeTab } from './home-tab.tsx';
import { ModalDialog } from './modal-dialog.tsx';
import { type PagePlugin, PluginProvider } from './plugins.tsx';
import { Sidebar } from './sidebar.tsx';
import { ThreadPane } from './thread-pane.tsx';
import { useFileDrop } from './use-file-drop.ts';
import { useWorkspace } from './use-workspace.ts';
import { channelOf } from './workspace-state.ts';

export function App({ plugins }: { plugins: readonly PagePlugin[] }) {
  const { state, dispatch } = useWorkspace();
  const { info, user, place, thread, modals, isConnected } = state;
  const [isMenuOpen, setMenuOpen] = useState(false);
  const [dropped, setDropped] = useState<{ file: File | null } | null>(null);
  const directory = useMemo(() => info && createDirectory(info), [info]);
  const fileDrop = plugins.find((plugin) => plugin.fileDrop)?.fileDrop;
  const isDragging = useFileDrop(fileDrop !== undefined, (file) => setDropped({ file }));

  useEffect(() => {
    document.documentElement.dataset.ready = String(directory !== null);
  }, [directory]);

  if (!info || !directory) return <p className="boot">Opening the workspace…</p>;
  const channel = channelOf(state);
  const modal = modals.at(-1);

  return (
    <DirectoryProvider value={directory}>
      <PluginProvider plugins={plugins} published={state.published} connections={state.connections}>
        <a className="skip-link" href="#conversation">
          Skip to the conversation
        </a>
        <div className={`shell ${thread ? 'has-thread' : ''} ${isMenuOpen ? 'has-menu' : ''}`}>
          <Sidebar
            state={state}
            onGo={(next) => {
              dispatch({ type: 'went to', place: next });
              setMenuOpen(false);
            }}
            onActAs={(id) => {
              localStorage.setItem('person', id);
              dispatch({ type: 'acted as', user: id });
            }}
            onChooseFile={() => setDropped({ file: null })}
          />
          <button
            type="button"
            className="scrim"
            aria-label="Close the menu"
            tabIndex={isMenuOpen ? 0 : -1}
            onClick={() => setMenuOpen(false)}
          />
          <main className="main" id="conversation" tabIndex={-1}>
            {!isConnected && (
              <p className="banner" role="status">
                Connection lost. Trying to reconnect…
              </p>
            )}
            {channel ? (
              <Conversation
                key={`${user}/${channel}`}
                state={state}
                channel={channel}
                dispatch={dispatch}
                onMenu={() => setMenuOpen(true)}
              />
            ) : (
              <HomeTab
                key={user}
                state={state}
                dispatch={dispatch}
                onMenu={() => setMenuOpen(true)}
              />
            )}
          </main>
          {thread && place.kind && <ThreadPane state={state} dispatch={dispatch} />}
        </div>
        {isDragging && <div className="drop-veil">{fileDrop?.hint}</div>}
        {dropped && fileDrop && (
          <fileDrop.Dialog
            key={dropped.file?.name ?? ''}
            file={dropped.file}
            user={user}
            onClose={() => setDropped(null)}
          />
        )}
        {modal && <ModalDialog key={modal.id} view={modal} user={user} depth={modals.length} />}
        <Announcer message={state.announced} />
      </PluginProvider>
    </DirectoryProvider>
  );
}
