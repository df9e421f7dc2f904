/** The workspace's own HTTP interface as typed functions, for the page and for scripts. Runs in both. */
import type {
  Delivery,
  ViewAnswer,
  WorkspaceInfo,
  WorkspaceMessage,
  WorkspaceView,
} from './types.ts';

/** Where an element sits: in a message or in a view. */
export type Place =
  | { readonly channel: string; readonly ts: string }
  | { readonly view_id: string };

export interface ActionInput {
  readonly block_id: string;
  readonly action_id: string;
  /** What was chosen, under Slack's own field name: selected_option, selected_date, value, … */
  readonly choice?: object | undefined;
  /** What was entered in other fields of the message or view. */
  readonly values?: object | undefined;
}

export type ApiClient = ReturnType<typeof createApiClient>;

/** Calls the workspace at `base` (no trailing slash); a refusal rejects with the workspace's own sentence. */
export function createApiClient(base: string) {
  const get = <T>(path: string, query: Query = {}) =>
    ask<T>(`${base}${path}?${new URLSearchParams(definedOf(query))}`);
  const post = <T>(path: string, body: object) => postJson<T>(`${base}${path}`, body);
  const messages = async (path: string, query: Query) =>
    (await get<{ messages: readonly WorkspaceMessage[] }>(path, query)).messages;

  return {
    workspace: () => get<WorkspaceInfo>('/api/workspace'),
    /**
     * Top-level messages, oldest first; ephemeral ones only with the `user` who sees them. With
     * `limit` the newest so many of those before `before`.
     */
    messages: (
      channel: string,
      {
        limit,
        ...options
      }: { user?: string; since?: string; before?: string; limit?: number } = {},
    ) => messages('/api/messages', { channel, ...options, limit: limit?.toString() }),
    /** Root and replies, oldest first. */
    thread: (channel: string, ts: string, options: { user?: string } = {}) =>
      messages(`/api/threads/${ts}`, { channel, ...options }),
    async home(user: string) {
      return (await get<{ view: WorkspaceView | null }>('/api/home', { user })).view;
    },
    openHome: (user: string, tab: 'home' | 'messages' = 'home') =>
      post<{ view: WorkspaceView | null }>('/api/home/open', { user, tab }),
    /** Open modals of a person, the topmost last. */
    async views(user: string) {
      return (await get<{ stack: readonly WorkspaceView[] }>('/api/views', { user })).stack;
    },
    post: (input: { user: string; channel: string; text: string; thread_ts?: string }) =>
      post<{ message: WorkspaceMessage }>('/api/messages', input),
    /** Shares a file in a conversation, as from the composer. */
    share({
      body,
      ...place
    }: {
      user: string;
      channel: string;
      name: string;
      body: Blob | string;
      thread_ts?: string;
    }) {
      const query = new URLSearchParams(definedOf(place));
      const headers = { 'content-type': 'application/octet-stream' };
      const init = { method: 'POST', headers, body };
      return ask<{ file: string }>(`${base}/api/files?${query}`, init);
    },
    command: (input: { user: string; channel: string; text: string }) =>
      post<Delivery>('/api/commands', input),
    act: (user: string, place: Place, { choice, ...action }: ActionInput) =>
      post<Delivery>('/api/actions', { ...choice, ...action, ...place, user }),
    shortcut: (input: { user: string; callback_id: string; channel?: string; ts?: string }) =>
      post<Delivery>('/api/shortcuts', input),
    submit: (viewId: string, user: string, values: object) =>
      post<ViewAnswer>(`/api/views/${viewId}/submit`, { user, values }),
    close: (viewId: string, user: string, clear: boolean) =>
      post<ViewAnswer>(`/api/views/${viewId}/close`, { user, clear }),
    dismiss: (user: string, channel: string, ts: string) =>
      post('/api/ephemeral/dismiss', { user, channel, ts }),
  };
}

type Query = Readonly<Record<string, string | undefined>>;

function definedOf(query: Query): Record<string, string> {
  const entries = Object.entries(query);
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Asks the workspace or a plug-in's route for JSON; rejects with the sentence of a refusal. */
export async function ask<T>(url: string, init?: RequestInit): Promise<T> {
  const response = await fetch(url, init);
  const answer = (await response.json()) as T & { error?: string };
  if (!response.ok) throw new Error(answer.error ?? `The workspace answered ${response.status}.`);
  return answer;
}

export function postJson<T>(url: string, body: object): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  return ask<T>(url, { method: 'POST', headers, body: JSON.stringify(body) });
}
