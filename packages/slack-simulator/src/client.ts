/** A small typed client over the workspace's doors, for tests and the scripted demo. */
import { openEventStream } from './event-stream.ts';
import type {
  BlockJson,
  Delivery,
  ViewAnswer,
  WorkspaceEvent,
  WorkspaceInfo,
  WorkspaceJobs,
  WorkspaceMessage,
  WorkspaceView,
} from './types.ts';

/** How long `waitFor` waits unless told otherwise, in milliseconds. */
const PATIENCE_MS = 10_000;

export type Prediction = {
  readonly ok: boolean;
  readonly status: number;
  readonly milliseconds: number;
  readonly answer: unknown;
};

export type WorkspaceClient = ReturnType<typeof createWorkspaceClient>;

/** Every method throws an Error with the workspace's own sentence when a door refuses. */
export function createWorkspaceClient({ url }: { url: string }) {
  const stream = openEventStream(url);

  async function ask<T>(path: string, init?: RequestInit): Promise<T> {
    const response = await fetch(`${url}${path}`, init);
    const answer = (await response.json()) as T & { error?: string };
    if (!response.ok) throw new Error(answer.error ?? `${path} answered ${response.status}.`);
    return answer;
  }

  const post = <T>(path: string, body: object): Promise<T> =>
    ask<T>(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  const query = (fields: Readonly<Record<string, string | undefined>>): string =>
    new URLSearchParams(
      Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ).toString();

  async function messages(
    channel: string,
    options: { user?: string; since?: string } = {},
  ): Promise<readonly WorkspaceMessage[]> {
    const path = `/api/messages?${query({ channel, ...options })}`;
    return (await ask<{ messages: WorkspaceMessage[] }>(path)).messages;
  }

  return {
    url,
    workspace: () => ask<WorkspaceInfo>('/api/workspace'),
    /** Top-level messages, oldest first; ephemeral ones only with the `user` who sees them. */
    messages,
    /** Root and replies, oldest first. */
    async thread(channel: string, ts: string, options: { user?: string } = {}) {
      const path = `/api/threads/${ts}?${query({ channel, ...options })}`;
      return (await ask<{ messages: WorkspaceMessage[] }>(path)).messages;
    },
    async home(user: string): Promise<WorkspaceView | null> {
      return (await ask<{ view: WorkspaceView | null }>(`/api/home?${query({ user })}`)).view;
    },
    openHome: (user: string) => post<{ view: WorkspaceView | null }>('/api/home/open', { user }),
    /** Open modals of a person, the topmost last. */
    async views(user: string): Promise<readonly WorkspaceView[]> {
      return (await ask<{ stack: WorkspaceView[] }>(`/api/views?${query({ user })}`)).stack;
    },
    post: (input: { user: string; channel: string; text: string; thread_ts?: string }) =>
      post<{ message: WorkspaceMessage }>('/api/messages', input),
    command: (input: { user: string; channel: string; text: string }) =>
      post<Delivery>('/api/commands', input),
    /** Uses an element of a message or view; `choice` holds what was chosen, such as selected_option. */
    click(input: {
      user: string;
      on: WorkspaceMessage | WorkspaceView;
      action_id: string;
      choice?: Readonly<Record<string, unknown>>;
      values?: object;
    }): Promise<Delivery> {
      const { user, on, action_id, choice, values } = input;
      const place = 'ts' in on ? { channel: on.channel, ts: on.ts } : { view_id: on.id };
      const block_id = blockOf(on.blocks, action_id);
      return post('/api/actions', { user, ...place, block_id, action_id, ...choice, values });
    },
    shortcut: (input: { user: string; callback_id: string; channel?: string; ts?: string }) =>
      post<Delivery>('/api/shortcuts', input),
    /** Submits a modal; `inputs` maps the action_id of each input to its text or its state object. */
    submitView(input: {
      user: string;
      view: WorkspaceView;
      inputs?: Readonly<Record<string, string | object>>;
    }): Promise<ViewAnswer> {
      const values = stateValues(input.view.blocks, input.inputs ?? {});
      return post(`/api/views/${input.view.id}/submit`, { user: input.user, values });
    },
    closeView: (input: { user: string; view: WorkspaceView; clear?: boolean }) =>
      post<ViewAnswer>(`/api/views/${input.view.id}/close`, {
        user: input.user,
        clear: input.clear ?? false,
      }),
    dropDataset(input: { user: string; model: string; name: string; body: BodyInit }) {
      const { user, model, name, body } = input;
      const path = `/api/datasets/${encodeURIComponent(model)}?${query({ name, user })}`;
      const type = { 'content-type': 'application/octet-stream' };
      // Node's fetch wants `duplex` for a stream; its types do not know the word yet.
      const init = { method: 'POST', headers: type, body, duplex: 'half' };
      return ask<{ message: string }>(path, init);
    },
    jobs: () => ask<WorkspaceJobs>('/api/jobs'),
    interrupt: (job?: string) => post<{ message: string }>('/api/interrupt', { job }),
    predict: (endpoint: string, input: unknown) =>
      post<Prediction>('/api/predict', { endpoint, input }),

    /**
     * Waits until `read` gives something (not null, undefined or false), asking again after every event
     * of the workspace, and returns it. Rejects with `what` after `timeoutMs`.
     */
    async waitFor<T>(
      read: () => Promise<T | null | undefined | false> | T | null | undefined | false,
      options: { what?: string; timeoutMs?: number } = {},
    ): Promise<T> {
      await stream.ready();
      return settleOnEvents(stream.listen, read, options);
    },
    /** Waits for the next event that matches. Call before what causes it, await after. */
    async waitForEvent<E extends WorkspaceEvent>(
      matches: (event: WorkspaceEvent) => event is E,
      options: { what?: string; timeoutMs?: number } = {},
    ): Promise<E> {
      await stream.ready();
      let seen: E | undefined;
      return settleOnEvents(
        (listener) =>
          stream.listen((event) => {
            if (matches(event)) seen ??= event;
            listener();
          }),
        () => seen,
        options,
      );
    },
    close: () => stream.close(),
  };
}

function settleOnEvents<T>(
  listen: (listener: () => void) => () => void,
  read: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  options: { what?: string; timeoutMs?: number },
): Promise<T> {
  const { what = 'what was expected', timeoutMs = PATIENCE_MS } = options;
  return new Promise((resolve, reject) => {
    const finish = (act: () => void): void => {
      clearTimeout(timer);
      stop();
      act();
    };
    const check = async (): Promise<void> => {
      try {
        const value = await read();
        if (value !== null && value !== undefined && value !== false) finish(() => resolve(value));
      } catch (error) {
        finish(() => reject(error));
      }
    };
    const timer = setTimeout(
      () => finish(() => reject(new Error(`Waited ${timeoutMs} ms in vain for ${what}.`))),
      timeoutMs,
    );
    const stop = listen(() => void check());
    void check();
  });
}

function blockOf(blocks: readonly BlockJson[], actionId: string): string {
  const block = blocks.find((each) =>
    JSON.stringify(each).includes(`"action_id":${JSON.stringify(actionId)}`),
  );
  if (!block) throw new Error(`There is no element with the action_id "${actionId}".`);
  return String(block.block_id);
}

function stateValues(
  blocks: readonly BlockJson[],
  inputs: Readonly<Record<string, string | object>>,
): Record<string, Record<string, unknown>> {
  const values: Record<string, Record<string, unknown>> = {};
  for (const [actionId, entered] of Object.entries(inputs)) {
    const block = blocks.find((each) => String(each.block_id) === blockOf(blocks, actionId));
    const element = (block?.element ?? block?.accessory) as { type?: string } | undefined;
    const state = typeof entered === 'string' ? { value: entered } : entered;
    values[blockOf(blocks, actionId)] = { [actionId]: { type: element?.type, ...state } };
  }
  return values;
}
