import { createHmac } from 'node:crypto';

/** Slack waits this long for an acknowledgement, in milliseconds. */
const ACKNOWLEDGEMENT_LIMIT_MS = 3_000;

export type SignedAnswer =
  | { readonly ok: true; readonly body: string; readonly headers: Headers }
  | { readonly ok: false; readonly error: string };

export type SendSigned = (request: SignedRequest) => Promise<SignedAnswer>;

export interface SignedRequest {
  readonly body: string;
  readonly contentType: 'application/json' | 'application/x-www-form-urlencoded';
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Returns a sender that signs as Slack does (`v0`, HMAC-SHA256 over `v0:timestamp:body`) and names failures
 * as Slack does: `operation_timeout` after 3 s, `dispatch_failed` otherwise.
 */
export function createSignedSender(options: {
  requestUrl: () => string;
  signingSecret: string;
  now: () => number;
  log: (line: string) => void;
}): SendSigned {
  return async ({ body, contentType, headers }) => {
    const timestamp = Math.floor(options.now() / 1000);
    const digest = createHmac('sha256', options.signingSecret)
      .update(`v0:${timestamp}:${body}`)
      .digest('hex');
    try {
      const response = await fetch(options.requestUrl(), {
        method: 'POST',
        body,
        headers: {
          'content-type': contentType,
          'user-agent': 'Slackbot 1.0 (local workspace)',
          'x-slack-request-timestamp': String(timestamp),
          'x-slack-signature': `v0=${digest}`,
          ...headers,
        },
        redirect: 'error',
        signal: AbortSignal.timeout(ACKNOWLEDGEMENT_LIMIT_MS),
      });
      const text = await response.text();
      if (response.ok) return { ok: true, body: text, headers: response.headers };
      options.log(`The app answered ${response.status} to a Slack request.`);
      return { ok: false, error: 'dispatch_failed' };
    } catch (error) {
      const timedOut = error instanceof Error && error.name === 'TimeoutError';
      options.log(
        timedOut
          ? 'The app did not acknowledge a Slack request within 3 seconds.'
          : `The app could not be reached at ${options.requestUrl()}: ${String(error)}`,
      );
      return { ok: false, error: timedOut ? 'operation_timeout' : 'dispatch_failed' };
    }
  };
}

/** Form body of a slash command or of `payload=` interactions. */
export function formBody(fields: Readonly<Record<string, string>>): string {
  return new URLSearchParams(fields).toString();
}
