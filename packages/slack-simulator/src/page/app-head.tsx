import { Avatar } from './avatar.tsx';
import { useDirectory } from './directory.tsx';
import { Icon } from './icons.tsx';
import type { PageAction } from './workspace-state.ts';

/** Title and tabs of the app's own place. */
export function AppHead(props: {
  tab: 'home' | 'messages';
  dispatch: (action: PageAction) => void;
  onMenu: () => void;
}) {
  const { info } = useDirectory();
  const tabs = [
    ...(info.app.hasHome ? (['home'] as const) : []),
    ...(info.app.hasMessages ? (['messages'] as const) : []),
  ];
  return (
    <header className="main-head main-head-tabs">
      <div className="main-title">
        <button
          type="button"
          className="icon-button menu-button"
          onClick={props.onMenu}
          aria-label="Open the menu"
        >
          <Icon name="menu" />
        </button>
        <Avatar id={info.app.botUserId} size={24} />
        <h2>{info.app.name}</h2>
        <span className="badge">App</span>
        <p className="topic">{info.app.description}</p>
      </div>
      <div className="tabs" role="tablist">
        {tabs.map((tab) => (
          <button
            key={tab}
            type="button"
            role="tab"
            className="tab"
            aria-selected={props.tab === tab}
            onClick={() => props.dispatch({ type: 'went to', place: { kind: 'app', tab } })}
          >
            {tab === 'home' ? 'Home' : 'Messages'}
          </button>
        ))}
      </div>
    </header>
  );
}
