/** A client for tests and scripts: everything a person can do in the workspace, and waiting for what follows. */
import { createApiClient } from './api-client.ts';
import { openEventStream } from './event-stream.ts';
import type {
  BlockJson,
  Delivery,
  ViewAnswer,
  WorkspaceEvent,
  WorkspaceMessage,
  WorkspaceView,
} from './types.ts';

export { ask, postJson } from './api-client.ts';

/** How long `waitFor` waits when it is not given a limit, in milliseconds. */
const PATIENCE_MS = 10_000;

export type WorkspaceClient = ReturnType<typeof createWorkspaceClient>;

/** Every method throws an Error with the workspace's own sentence when it refuses. */
export function createWorkspaceClient({ url }: { url: string }) {
  const stream = openEventStream(url);
  const { act, submit, close, ...api } = createApiClient(url);

  return {
    ...api,
    url,
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
      return act(user, place, { block_id, action_id, choice, values });
    },
    /** Submits a modal; `inputs` maps the action_id of each input to its text or its state object. */
    submitView(input: {
      user: string;
      view: WorkspaceView;
      inputs?: Readonly<Record<string, string | object>>;
    }): Promise<ViewAnswer> {
      const values = stateValues(input.view.blocks, input.inputs ?? {});
      return submit(input.view.id, input.user, values);
    },
    closeView: (input: { user: string; view: WorkspaceView; clear?: boolean }) =>
      close(input.view.id, input.user, input.clear ?? false),

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
