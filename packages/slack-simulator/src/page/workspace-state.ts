/** What the page knows, as one reducer: every change comes from an answer or an event. */
import type { WorkspaceEvent, WorkspaceInfo, WorkspaceMessage, WorkspaceView } from '../types.ts';

/** Top-level messages that the page asks for at once. */
export const PAGE_SIZE = 50;

export type Place =
  | { readonly kind: 'channel'; readonly id: string }
  | { readonly kind: 'app'; readonly tab: 'home' | 'messages' };

export interface PageState {
  readonly info: WorkspaceInfo | null;
  readonly user: string;
  readonly place: Place;
  readonly thread: { readonly channel: string; readonly ts: string } | null;
  readonly messages: ReadonlyMap<string, WorkspaceMessage>;
  readonly loaded: ReadonlySet<string>;
  /** The ts from which on a channel's messages are all loaded; '' when none is older. */
  readonly loadedFrom: Readonly<Record<string, string>>;
  readonly unread: Readonly<Record<string, number>>;
  readonly home: WorkspaceView | null;
  readonly modals: readonly WorkspaceView[];
  /** What each plug-in published last, by its name. */
  readonly published: Readonly<Record<string, unknown>>;
  readonly isConnected: boolean;
  readonly connections: number;
  /** The newest message by another person, for the live region. */
  readonly announced: WorkspaceMessage | null;
}

export type PageAction =
  | { readonly type: 'opened'; readonly info: WorkspaceInfo; readonly user: string }
  | { readonly type: 'acted as'; readonly user: string }
  | { readonly type: 'went to'; readonly place: Place }
  | { readonly type: 'opened thread'; readonly thread: PageState['thread'] }
  | { readonly type: 'loaded'; readonly messages: readonly WorkspaceMessage[] }
  /** A page of a channel's history: its newest messages, or those before the ones that are loaded. */
  | {
      readonly type: 'loaded page';
      readonly channel: string;
      readonly messages: readonly WorkspaceMessage[];
    }
  /** The stream of events opened: what came before it must be asked for again. */
  | { readonly type: 'connected' }
  | { readonly type: 'disconnected' }
  | { readonly type: 'received'; readonly event: WorkspaceEvent };

export const INITIAL_STATE: PageState = {
  info: null,
  user: '',
  place: { kind: 'app', tab: 'home' },
  thread: null,
  messages: new Map(),
  loaded: new Set(),
  loadedFrom: {},
  unread: {},
  home: null,
  modals: [],
  published: {},
  isConnected: true,
  connections: 0,
  announced: null,
};

export function reducePage(state: PageState, action: PageAction): PageState {
  switch (action.type) {
    case 'opened': {
      const first = action.info.channels[0];
      const place: Place = first ? { kind: 'channel', id: first.id } : state.place;
      return { ...state, info: action.info, user: action.user, place };
    }
    case 'acted as':
      // Ephemeral messages, Home and modals belong to the person before; ask again for everything.
      return {
        ...state,
        user: action.user,
        messages: new Map(),
        loaded: new Set(),
        loadedFrom: {},
        unread: {},
        home: null,
        modals: [],
        announced: null,
      };
    case 'went to': {
      const next = { ...state, place: action.place, thread: null };
      const channel = channelOf(next);
      return channel ? { ...next, unread: { ...state.unread, [channel]: 0 } } : next;
    }
    case 'opened thread':
      return { ...state, thread: action.thread };
    case 'loaded':
      return { ...state, messages: merge(state.messages, action.messages) };
    case 'loaded page':
      return addPage(state, action.channel, action.messages);
    case 'connected': {
      const thread = state.thread && { ...state.thread };
      const connections = state.connections + 1;
      return { ...state, isConnected: true, connections, loaded: new Set(), published: {}, thread };
    }
    case 'disconnected':
      return { ...state, isConnected: false };
    case 'received':
      return receive(state, action.event);
  }
}

function addPage(
  state: PageState,
  channel: string,
  messages: readonly WorkspaceMessage[],
): PageState {
  const isFull =
    messages.filter(({ ephemeral_for }) => ephemeral_for === null).length === PAGE_SIZE;
  return {
    ...state,
    messages: merge(state.messages, messages),
    loaded: new Set([...state.loaded, channel]),
    loadedFrom: { ...state.loadedFrom, [channel]: isFull ? (messages[0]?.ts ?? '') : '' },
  };
}

function receive(state: PageState, event: WorkspaceEvent): PageState {
  switch (event.type) {
    case 'message':
    case 'ephemeral': {
      const { message } = event;
      const messages = merge(state.messages, [message]);
      const isOwn = message.user === state.user;
      const isVisible = message.channel === channelOf(state);
      const count = (state.unread[message.channel] ?? 0) + 1;
      return {
        ...state,
        messages,
        announced: !isOwn && isVisible ? message : state.announced,
        unread: isOwn || isVisible ? state.unread : { ...state.unread, [message.channel]: count },
      };
    }
    case 'update':
      return { ...state, messages: merge(state.messages, [event.message]) };
    case 'delete': {
      const messages = new Map(state.messages);
      messages.delete(keyOf(event));
      const isThreadGone = state.thread?.ts === event.ts && state.thread.channel === event.channel;
      return { ...state, messages, thread: isThreadGone ? null : state.thread };
    }
    case 'view':
      return { ...state, modals: event.stack };
    case 'home':
      return { ...state, home: event.view };
    case 'plugin':
      return { ...state, published: { ...state.published, [event.plugin]: event.data } };
  }
}

/** The channel on screen; null on the Home tab. */
export function channelOf(state: Pick<PageState, 'place' | 'info' | 'user'>): string | null {
  if (state.place.kind === 'channel') return state.place.id;
  if (state.place.tab === 'home') return null;
  return state.info?.directMessages[state.user] ?? null;
}

/** The channel's messages as far back as all of them are loaded, oldest first. */
export function topLevel(state: PageState, channel: string): WorkspaceMessage[] {
  const first = state.loadedFrom[channel] ?? '';
  return [...state.messages.values()]
    .filter((message) => message.channel === channel && message.ts >= first)
    .filter(
      ({ thread_ts, ts, reply_broadcast }) => !thread_ts || thread_ts === ts || reply_broadcast,
    )
    .sort(byTs);
}

export function threadOf(state: PageState): WorkspaceMessage[] {
  const { thread } = state;
  if (!thread) return [];
  return [...state.messages.values()]
    .filter((message) => message.channel === thread.channel)
    .filter((message) => message.ts === thread.ts || message.thread_ts === thread.ts)
    .sort(byTs);
}

function merge(
  messages: ReadonlyMap<string, WorkspaceMessage>,
  added: readonly WorkspaceMessage[],
): ReadonlyMap<string, WorkspaceMessage> {
  const merged = new Map(messages);
  for (const message of added) merged.set(keyOf(message), message);
  return merged;
}

function keyOf(message: { readonly channel: string; readonly ts: string }): string {
  return `${message.channel}/${message.ts}`;
}

function byTs(a: WorkspaceMessage, b: WorkspaceMessage): number {
  return a.ts < b.ts ? -1 : 1;
}
