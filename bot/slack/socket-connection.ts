import { setTimeout as sleep } from 'node:timers/promises';
import { type Receiver, SocketModeReceiver } from '@slack/bolt';
import { slackClientOptions } from '../web-api/client-options.ts';
import { quietLogger } from '../web-api/quiet-logger.ts';

export interface SocketConnection {
  close(): Promise<void>;
}

/** Slack asks for quick reconnects; a refused token is asked about this often, in milliseconds. */
const RETRY_MILLISECONDS = 60_000;
/** Of the attempt that closing interrupts: nobody waits for it. */
const never = new Promise<never>(() => {});
/** How long a ping may stay unanswered; also the pause before the first reconnect. */
const PING_MILLISECONDS = 5_000;
const OPEN_TIMEOUT_MILLISECONDS = 10_000;

/**
 * The transport without a public address: Slack's requests come down a WebSocket this process
 * opens. Rejects when Slack refuses the app-level token at the start; later it reconnects for ever.
 */
export async function openSocketConnection(options: {
  appToken: string;
  /** Another Web API than Slack's own; ends in `/api/`. */
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
        // After an hour without Slack the next attempt must not be an hour away.
        retryConfig: {
          forever: true,
          minTimeout: pace.retryMilliseconds / 100,
          maxTimeout: pace.retryMilliseconds,
        },
        rejectRateLimitedCalls: false,
      },
    },
    // Every listener answers for itself; what still gets here is a defect of ours.
    processEventErrorHandler: async ({ error }) => {
      log(`A request of Slack could not be handled: ${String(error)}`);
      return false;
    },
  });
  attach(receiver);

  const { client } = receiver;
  const start = client.start.bind(client);
  let isOpen = false;
  // @slack/socket-mode 3.1 reconnects without catching: a refusal would end the whole process.
  client.start = async () => {
    for (;;) {
      try {
        return await start();
      } catch (error) {
        if (!isOpen) throw error;
        if (closing.signal.aborted) return never;
        log(`Slack refused to reconnect (${String(error)}). It is tried again until it works.`);
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
