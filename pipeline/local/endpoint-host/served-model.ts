import { pause } from '../timers.ts';
import type { ModelServer } from './model-server.ts';

/** `restarting` after a crash; `broken` when it is not tried again. */
export type ServingState = 'loading' | 'serving' | 'restarting' | 'broken';

export interface ServedModel {
  readonly configName: string;
  state(): ServingState;
  /** Why it does not serve; null while it does. */
  problem(): string | null;
  /** The port of the running server, waited for while it starts; null when it is broken. */
  port(): Promise<number | null>;
  /** Resolves when the server that runs now has ended; `port` is then of the next one. */
  ended(): Promise<unknown>;
  /** Runs `work` as a request that `stop` waits for; null when too many are open already. */
  request<T>(work: () => Promise<T>): Promise<T> | null;
  /** Ends the server once its open requests are answered, or after the given time. */
  stop(drainSeconds: number): Promise<void>;
}

export interface ServedModelOptions {
  readonly configName: string;
  readonly maxConcurrency: number;
  readonly start: (signal: AbortSignal) => Promise<ModelServer>;
  /** Seconds before each further start after a crash; when they are used up, it is broken. */
  readonly restartDelays: readonly number[];
  /** Whether a first start that fails is tried again: the model served before. */
  readonly retryFirstStart: boolean;
  readonly onChange: () => void;
  readonly now: () => Date;
}

/** A server that ran for this long has recovered: earlier crashes are forgiven. */
const STABLE_SECONDS = 60;

/** Keeps one configuration serving: starts its server, and starts it again when it crashes. */
export function createServedModel(options: ServedModelOptions): ServedModel {
  const { configName, maxConcurrency, start, restartDelays, onChange, now } = options;
  const controller = new AbortController();
  const { signal } = controller;
  let state: ServingState = 'loading';
  let problem: string | null = null;
  let open = 0;
  let isLeaving = false;
  const drained = new AbortController();
  let gate = createGate<number | null>();
  let ended: Promise<string> = Promise.resolve('');

  function become(next: ServingState, reason: string | null): void {
    state = next;
    problem = reason;
    if (!signal.aborted) onChange();
  }

  async function keepRunning(): Promise<void> {
    let crashes = 0;
    for (;;) {
      try {
        const server = await start(signal);
        const since = now().getTime();
        ended = server.ended;
        gate.open(server.port);
        become('serving', null);
        problem = await ended;
        if (now().getTime() - since > STABLE_SECONDS * 1000) crashes = 0;
        gate = createGate();
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error);
      }
      const isHopeless = state === 'loading' && !options.retryFirstStart;
      const delay = restartDelays[crashes];
      crashes += 1;
      if (signal.aborted || isHopeless || delay === undefined) break;
      become(state === 'loading' ? 'loading' : 'restarting', problem);
      await pause(delay, signal);
    }
    gate.open(null);
    become('broken', problem);
  }
  const running = keepRunning();

  return {
    configName,
    state: () => state,
    problem: () => problem,
    port: () => gate.passed,
    ended: () => ended,
    request(work) {
      if (open >= maxConcurrency) return null;
      open += 1;
      return work().finally(() => {
        open -= 1;
        if (open === 0 && isLeaving) drained.abort();
      });
    },
    async stop(drainSeconds) {
      isLeaving = true;
      // A second call with a shorter wait ends the wait of the first.
      if (open > 0) await pause(drainSeconds, AbortSignal.any([drained.signal, signal]));
      controller.abort();
      await running;
    },
  };
}

/** A promise that is fulfilled from outside, once. */
function createGate<T>(): { readonly passed: Promise<T>; open(value: T): void } {
  let open = (_value: T) => {};
  const passed = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { passed, open: (value) => open(value) };
}
