import type { WebClientOptions } from '@slack/web-api';
import { quietLogger } from './quiet-logger.ts';

/** Options of every Web API client: each call times out, rate limits reject at once, our log. */
export function slackClientOptions(options: {
  readonly apiUrl?: string;
  /** Of one call, in milliseconds. */
  readonly timeout: number;
  readonly log: (line: string) => void;
  /** Throws where no call may be made any more. */
  readonly beforeCall?: () => void;
}): WebClientOptions {
  const { apiUrl, timeout, log, beforeCall = () => {} } = options;
  return {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    timeout,
    rejectRateLimitedCalls: true,
    logger: quietLogger(log),
    fetch: async (url, init) => {
      beforeCall();
      return fetch(url, {
        ...init,
        signal: init?.signal ?? AbortSignal.timeout(timeout),
      } as RequestInit);
    },
  };
}
