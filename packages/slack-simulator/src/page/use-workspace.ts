import { useEffect, useReducer } from 'react';
import { api, listen } from './api.ts';
import {
  channelOf,
  INITIAL_STATE,
  PAGE_SIZE,
  type PageAction,
  type PageState,
  reducePage,
} from './workspace-state.ts';

export interface WorkspaceHandle {
  readonly state: PageState;
  readonly dispatch: (action: PageAction) => void;
}

/** Loads the workspace, keeps it current, and follows `?as=…&channel=…&ts=…&thread_ts=…`. */
export function useWorkspace(): WorkspaceHandle {
  const [state, dispatch] = useReducer(reducePage, INITIAL_STATE);
  const { user, thread, loaded } = state;
  const channel = channelOf(state);

  useEffect(() => {
    void open(dispatch);
  }, []);

  useEffect(() => {
    if (!user) return;
    return listen({
      user,
      onEvent: (event) => dispatch({ type: 'received', event }),
      onConnection(isOpen) {
        dispatch({ type: isOpen ? 'connected' : 'disconnected' });
        if (isOpen) void catchUp(user, dispatch).catch(() => {});
      },
    });
  }, [user]);

  useEffect(() => {
    if (!user || !channel || loaded.has(channel)) return;
    void api
      .messages(channel, { user, limit: PAGE_SIZE })
      .then((messages) => dispatch({ type: 'loaded page', channel, messages }));
  }, [user, channel, loaded]);

  useEffect(() => {
    if (!user || !thread) return;
    void api
      .thread(thread.channel, thread.ts, { user })
      .then((messages) => dispatch({ type: 'loaded', messages }));
  }, [user, thread]);

  return { state, dispatch };
}

/** What the stream does not repeat: Home and open modals. */
async function catchUp(user: string, dispatch: (action: PageAction) => void): Promise<void> {
  const [view, stack] = await Promise.all([api.home(user), api.views(user)]);
  if (view) dispatch({ type: 'received', event: { type: 'home', user, view } });
  dispatch({ type: 'received', event: { type: 'view', user, stack } });
}

async function open(dispatch: (action: PageAction) => void): Promise<void> {
  const info = await api.workspace();
  const query = new URLSearchParams(location.search);
  const wanted = query.get('as') ?? localStorage.getItem('person');
  const person = info.people.find(({ id, name }) => id === wanted || name === wanted);
  dispatch({ type: 'opened', info, user: (person ?? info.people[0])?.id ?? '' });

  const channel = query.get('channel');
  const known = info.channels.find(({ id, name }) => id === channel || name === channel);
  if (known) dispatch({ type: 'went to', place: { kind: 'channel', id: known.id } });
  if (query.get('tab') === 'home') {
    dispatch({ type: 'went to', place: { kind: 'app', tab: 'home' } });
  }
  const ts = query.get('thread_ts') ?? query.get('ts');
  if (known && ts) dispatch({ type: 'opened thread', thread: { channel: known.id, ts } });
}
