import { Avatar } from './avatar.tsx';
import { Icon } from './icons.tsx';
import { usePlugins } from './plugins.tsx';
import { useTheme } from './theme.ts';
import { channelOf, type PageState, type Place } from './workspace-state.ts';

export function Sidebar(props: {
  state: PageState;
  onGo: (place: Place) => void;
  onActAs: (user: string) => void;
  onChooseFile: () => void;
}) {
  const { state, onGo, onActAs, onChooseFile } = props;
  const plugins = usePlugins();
  const { info, place, unread, user } = state;
  const { theme, toggle } = useTheme();
  if (!info) return null;
  const current = channelOf(state);
  const directChannel = info.directMessages[user] ?? '';
  const isApp = place.kind === 'app';

  return (
    <nav className="sidebar" aria-label="Workspace">
      <header className="sidebar-head">
        <h1>{info.team.name}</h1>
        <button
          type="button"
          className="icon-button"
          aria-label={theme === 'dark' ? 'Use light colours' : 'Use dark colours'}
          onClick={toggle}
        >
          <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
        </button>
      </header>
      <div className="sidebar-scroll">
        <h2 id="channels">Channels</h2>
        <ul aria-labelledby="channels">
          {info.channels.map((channel) => (
            <li key={channel.id}>
              <button
                type="button"
                className="nav-item"
                aria-current={current === channel.id ? 'page' : undefined}
                onClick={() => onGo({ kind: 'channel', id: channel.id })}
              >
                <Icon name="hash" />
                <span className="nav-label">{channel.name}</span>
                <Unread count={unread[channel.id] ?? 0} />
              </button>
            </li>
          ))}
        </ul>
        <h2 id="apps">Apps</h2>
        <ul aria-labelledby="apps">
          <li>
            <button
              type="button"
              className="nav-item"
              aria-current={isApp ? 'page' : undefined}
              onClick={() => onGo({ kind: 'app', tab: info.app.hasHome ? 'home' : 'messages' })}
            >
              <Avatar id={info.app.botUserId} size={20} />
              <span className="nav-label">{info.app.name}</span>
              <Unread count={unread[directChannel] ?? 0} />
            </button>
          </li>
        </ul>
        <People state={state} onActAs={onActAs} />
        {plugins.map(
          ({ name, SidebarSection }) =>
            SidebarSection && <SidebarSection key={name} user={user} chooseFile={onChooseFile} />,
        )}
      </div>
      <p className="sidebar-foot">A Slack-like page. Everything stays on this machine.</p>
    </nav>
  );
}

/** The people are also the switch of who one acts as. */
function People({ state, onActAs }: { state: PageState; onActAs: (user: string) => void }) {
  const people = state.info?.people ?? [];
  return (
    <>
      <h2 id="people">People · acting as</h2>
      <div className="people" role="radiogroup" aria-labelledby="people">
        {people.map((person) => (
          <label key={person.id} className="nav-item person">
            <input
              type="radio"
              className="hidden"
              name="acting-as"
              value={person.id}
              checked={state.user === person.id}
              onChange={() => onActAs(person.id)}
            />
            <Avatar id={person.id} size={24} />
            <span className="nav-label">
              {person.realName}
              {person.title && <small>{person.title}</small>}
            </span>
            <span className="person-mark" aria-hidden="true">
              you
            </span>
          </label>
        ))}
      </div>
    </>
  );
}

function Unread({ count }: { count: number }) {
  return count === 0 ? null : (
    <span className="unread">
      {count}
      <span className="hidden"> unread</span>
    </span>
  );
}
