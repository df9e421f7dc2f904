import { setTimeout as sleep } from 'node:timers/promises';
import { type Receiver, SocketModeReceiver } from '@slack/bolt';
import { slackClientOptions } from '../web-api/client-options.ts';
import { quietLogger } from '../web-api/quiet-logger.ts';

export interface SocketConnection {
  close(): Promise<void>;
}

/** Pause before trying again after Slack has refused to reconnect, in milliseconds. */
const RETRY_MILLISECONDS = 60_000;
/** The result of a reconnect that `close` has cut short; nothing awaits it. */
const never = new Promise<never>(() => {});
/** How long to wait for a pong; also the pause before the first reconnect. */
const PING_MILLISECONDS = 5_000;
const OPEN_TIMEOUT_MILLISECONDS = 10_000;

/**
 * Socket Mode, which needs no public address: this process opens a WebSocket and Slack sends its
 * requests down it. Rejects when Slack refuses the app-level token at the start; after that it
 * reconnects forever.
 */
export async function openSocketConnection(options: {
  appToken: string;
  /** Base URL of a Web API other than Slack's; ends in `/api/`. */
  apiUrl?: string;
  attach: (receiver: Receiver) => void;
  log: (line: string) => void;
  pace?: { readonly pingMilliseconds: number; readonly retryMilliseconds: number };
}): Promise<SocketConnection> {
  const { appToken, attach, log } = options;
  const pace = options.pace ?? {
    pingMilliseconds: PING_MILLISECONDS,
    retryMilliseconds: RETRY_MILLISECONDS,
  };
  const closing = new AbortController();
  const receiver = new SocketModeReceiver({
    appToken,
    logger: quietLogger(log),
    clientPingTimeout: pace.pingMilliseconds,
    installerOptions: {
      clientOptions: {
        ...slackClientOptions({ ...options, timeout: OPEN_TIMEOUT_MILLISECONDS }),
        // The default back-off grows without limit: after an outage of an hour it would wait another.
        retryConfig: {
          forever: true,
          minTimeout: pace.retryMilliseconds / 100,
          maxTimeout: pace.retryMilliseconds,
        },
        rejectRateLimitedCalls: false,
      },
    },
    // Listeners handle their own errors, so anything that gets here is a bug.
    processEventErrorHandler: async ({ error }) => {
      log(`A request from Slack could not be handled: ${String(error)}`);
      return false;
    },
  });
  attach(receiver);

  const { client } = receiver;
  const start = client.start.bind(client);
  let isOpen = false;
  // @slack/socket-mode 3.1 does not catch errors of a reconnect: a refusal would end the process.
  client.start = async () => {
    for (;;) {
      try {
        return await start();
      } catch (error) {
        if (!isOpen) throw error;
        if (closing.signal.aborted) return never;
        log(`Slack refused to reconnect (${String(error)}). Retrying until it works.`);
        await sleep(pace.retryMilliseconds, undefined, { signal: closing.signal }).catch(() => {});
      }
    }
  };
  await receiver.start();
  isOpen = true;

  return {
    async close() {
      closing.abort();
      await client.disconnect();
    },
  };
}
