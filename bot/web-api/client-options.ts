import type { WebClientOptions } from '@slack/web-api';
import { quietLogger } from './quiet-logger.ts';

/** Options of every Web API client: each call times out, rate limits reject at once, our log. */
export function slackClientOptions(options: {
  readonly apiUrl?: string;
  /** Of one call, in milliseconds. */
  readonly timeout: number;
  readonly log: (line: string) => void;
}): WebClientOptions {
  const { apiUrl, timeout, log } = options;
  return {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    timeout,
    rejectRateLimitedCalls: true,
    logger: quietLogger(log),
    fetch: (url, init) =>
      fetch(url, { ...init, signal: init?.signal ?? AbortSignal.timeout(timeout) } as RequestInit),
  };
}
