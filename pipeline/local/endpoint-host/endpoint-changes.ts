import type { Clock } from '../../core/ports.ts';
import type { Log } from '../log.ts';
import { pause } from '../timers.ts';
import type { createCounters } from './counters.ts';
import type { EndpointStore } from './endpoint-store.ts';
import type { ServedModel } from './served-model.ts';

/** How long open requests may delay the end of a replaced server. */
export const DRAIN_SECONDS = 60;

export interface EndpointChangesOptions {
  readonly store: EndpointStore;
  /** The models in service, by endpoint. */
  readonly live: Map<string, ServedModel>;
  readonly counters: ReturnType<typeof createCounters>;
  /** Starts the server of a configuration that has never served. */
  readonly serve: (configName: string) => ServedModel;
  readonly stop: (model: ServedModel, drainSeconds: number) => Promise<void>;
  /** Called when the description of an endpoint has changed. */
  readonly notify: (endpointName: string) => void;
  readonly clock: Clock;
  readonly log: Log;
  /** Seconds before the end of a failed change is recorded again, when the disk refused it. */
  readonly recordRetrySeconds: number;
  /** Aborted when the host closes; its changes are continued after the next start. */
  readonly closing: AbortSignal;
}

/** Puts the pending configuration of an endpoint into service, one change per endpoint at a time. */
export function createEndpointChanges(options: EndpointChangesOptions) {
  const { store, live, counters, serve, stop, notify, clock, log, closing } = options;
  const changes = new Map<string, Promise<void>>();

  /** Loads the pending configuration of an endpoint and puts it into service, or says why not. */
  async function change(endpointName: string): Promise<void> {
    const pending = store.find(endpointName)?.pending ?? null;
    if (pending === null) return;
    const begin = clock.now().getTime();
    const model = serve(pending);
    const port = await model.port();
    if (closing.aborted) return;
    if (port === null) {
      await stop(model, 0);
      return abandon(endpointName, model.problem());
    }
    const old = live.get(endpointName);
    try {
      store.save({
        ...store.get(endpointName),
        live: pending,
        pending: null,
        startSeconds: (clock.now().getTime() - begin) / 1000,
        invocations: 0,
        serverErrors: 0,
      });
    } catch (error) {
      // What is not recorded must not serve.
      await stop(model, 0);
      throw error;
    }
    counters.forget(endpointName);
    live.set(endpointName, model);
    notify(endpointName);
    if (old !== undefined) void stop(old, DRAIN_SECONDS);
  }

  /** Leaves the endpoint as it was before the change. */
  function abandon(endpointName: string, failureReason: string | null): void {
    const record = store.get(endpointName);
    const count = counters.of(record);
    counters.forget(endpointName);
    store.save({ ...record, ...count, pending: null, failureReason });
    notify(endpointName);
  }

  /** Abandons a change as soon as that can be recorded: until then it is pending, and no other begins. */
  async function abandonAtLast(endpointName: string, failureReason: string): Promise<void> {
    while (!closing.aborted) {
      try {
        return abandon(endpointName, failureReason);
      } catch (error) {
        log({ message: 'The end of a change could not be recorded.', about: endpointName, error });
        await pause(options.recordRetrySeconds, closing);
      }
    }
  }

  return {
    start(endpointName: string): void {
      const done = change(endpointName)
        .catch(async (error: unknown) => {
          log({ message: 'An endpoint could not be changed.', about: endpointName, error });
          await abandonAtLast(endpointName, 'Something unexpected stopped the change.');
        })
        .finally(() => changes.delete(endpointName));
      changes.set(endpointName, done);
    },
    isUnderWay: (endpointName: string): boolean => changes.has(endpointName),
    /** Resolves when the changes under way have ended. */
    async settled(): Promise<void> {
      await Promise.all(changes.values());
    },
  };
}
