/** Keeps this process within Slack's limits, so that no call has to be refused. */
export interface SlackPace {
  /** Resolves when the next call of that kind may be made; rejects when closed. */
  turn(kind: 'post' | 'edit'): Promise<void>;
  close(): void;
}

/** How many calls at once, and the time after which each may be made again, in milliseconds. */
export interface CallRate {
  readonly burst: number;
  readonly everyMilliseconds: number;
}

/** https://docs.slack.dev/apis/web-api/rate-limits: the special tier of chat.postMessage, tier 3. */
export const slackRates: Readonly<Record<'post' | 'edit', CallRate>> = {
  /** One message a second and channel. */
  post: { burst: 1, everyMilliseconds: 1_000 },
  /** 50 a minute: five at once after a quiet while and 45 in the minute that follows. */
  edit: { burst: 5, everyMilliseconds: 1_334 },
};

export function createSlackPace(options: {
  /** Milliseconds since any moment, by a clock that is never set forth or back. */
  readonly elapsed: () => number;
  readonly rates: Readonly<Record<'post' | 'edit', CallRate>>;
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}): SlackPace {
  const { elapsed, rates, wait } = options;
  const closing = new AbortController();
  /** When a call of each kind would be due if they were evenly spread. */
  const nextAt = { post: Number.NEGATIVE_INFINITY, edit: Number.NEGATIVE_INFINITY };

  return {
    async turn(kind) {
      const { burst, everyMilliseconds } = rates[kind];
      const now = elapsed();
      // A virtual schedule of evenly spread calls, which real ones may be ahead of by `burst` - 1.
      const due = Math.max(nextAt[kind], now);
      nextAt[kind] = due + everyMilliseconds;
      const pause = due - now - (burst - 1) * everyMilliseconds;
      if (pause > 0) await wait(pause, closing.signal);
    },
    close: () => closing.abort(),
  };
}

/** The share of one of several processes that announce at the same time. */
export function ratesSharedBy(processes: number): typeof slackRates {
  const share = ({ burst, everyMilliseconds }: CallRate): CallRate => ({
    burst: Math.max(1, Math.floor(burst / processes)),
    everyMilliseconds: everyMilliseconds * processes,
  });
  return { post: share(slackRates.post), edit: share(slackRates.edit) };
}

/** For a Slack without limits: the workspace page. */
export const unlimitedRates: typeof slackRates = {
  post: { burst: 1, everyMilliseconds: 0 },
  edit: { burst: 1, everyMilliseconds: 0 },
};
