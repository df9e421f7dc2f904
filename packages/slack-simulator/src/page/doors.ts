/** The page's side of the workspace's doors. Types are shared, code is not: this runs in the browser. */
import type {
  Delivery,
  ViewAnswer,
  WorkspaceEvent,
  WorkspaceInfo,
  WorkspaceJobs,
  WorkspaceMessage,
  WorkspaceView,
} from '../types.ts';

export type Values = Readonly<Record<string, Readonly<Record<string, object>>>>;

/** Where an element sits: in a message or in a view. */
export type Place =
  | { readonly channel: string; readonly ts: string }
  | { readonly view_id: string };

async function ask<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(path, init);
  const answer = (await response.json()) as T & { error?: string };
  if (!response.ok) throw new Error(answer.error ?? `The workspace answered ${response.status}.`);
  return answer;
}

function post<T>(path: string, body: object): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  return ask<T>(path, { method: 'POST', headers, body: JSON.stringify(body) });
}

export const doors = {
  workspace: () => ask<WorkspaceInfo>('/api/workspace'),
  jobs: () => ask<WorkspaceJobs>('/api/jobs'),
  messages: (channel: string, user: string) =>
    ask<{ messages: WorkspaceMessage[] }>(
      `/api/messages?${new URLSearchParams({ channel, user })}`,
    ),
  thread: (channel: string, ts: string, user: string) =>
    ask<{ messages: WorkspaceMessage[] }>(
      `/api/threads/${ts}?${new URLSearchParams({ channel, user })}`,
    ),
  views: (user: string) => ask<{ stack: WorkspaceView[] }>(`/api/views?user=${user}`),
  home: (user: string) => ask<{ view: WorkspaceView | null }>(`/api/home?user=${user}`),
  openHome: (user: string, tab: 'home' | 'messages') => post('/api/home/open', { user, tab }),
  post: (body: { user: string; channel: string; text: string; thread_ts?: string }) =>
    post('/api/messages', body),
  command: (body: { user: string; channel: string; text: string }) =>
    post<Delivery>('/api/commands', body),
  act: (
    user: string,
    place: Place,
    action: { block_id: string; action_id: string; choice: object; values: Values },
  ) => {
    const { choice, ...rest } = action;
    return post<Delivery>('/api/actions', { ...choice, ...rest, ...place, user });
  },
  shortcut: (body: { user: string; callback_id: string; channel: string; ts: string }) =>
    post<Delivery>('/api/shortcuts', body),
  submitView: (viewId: string, user: string, values: Values) =>
    post<ViewAnswer>(`/api/views/${viewId}/submit`, { user, values }),
  closeView: (viewId: string, user: string, clear: boolean) =>
    post<ViewAnswer>(`/api/views/${viewId}/close`, { user, clear }),
  dismiss: (user: string, channel: string, ts: string) =>
    post('/api/ephemeral/dismiss', { user, channel, ts }),
  interrupt: (job?: string) => post<{ message: string }>('/api/interrupt', { job }),
  predict: (endpoint: string, input: unknown) =>
    post<{ ok: boolean; status: number; milliseconds: number; answer: unknown }>('/api/predict', {
      endpoint,
      input,
    }),
};

/** Sends a dataset file as it is; XMLHttpRequest, because fetch reports no upload progress. */
export function dropDataset(options: {
  model: string;
  file: File;
  user: string;
  onProgress: (fraction: number) => void;
}): Promise<string> {
  const { model, file, user, onProgress } = options;
  const query = new URLSearchParams({ name: file.name, user });
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/datasets/${encodeURIComponent(model)}?${query}`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    request.onload = () => {
      const answer = request.response as { message?: string; error?: string } | null;
      if (request.status === 200) resolve(answer?.message ?? 'The dataset is in.');
      else reject(new Error(answer?.error ?? `The workspace answered ${request.status}.`));
    };
    request.onerror = () => reject(new Error('The workspace cannot be reached.'));
    request.send(file);
  });
}

/** Listens to what happens in the workspace as `user` may see it; reconnects by itself. */
export function listen(options: {
  user: string;
  onEvent: (event: WorkspaceEvent) => void;
  onConnection: (open: boolean) => void;
}): () => void {
  const source = new EventSource(`/api/events?user=${options.user}`);
  source.onopen = () => options.onConnection(true);
  source.onerror = () => options.onConnection(false);
  source.onmessage = ({ data }) => options.onEvent(JSON.parse(data) as WorkspaceEvent);
  return () => source.close();
}
