import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';

/** What a failed Web API call means for the caller. */
export type SlackProblem =
  /** Slack named a pause before the next call; nothing was done. */
  | { readonly kind: 'rate_limited'; readonly seconds: number }
  /** The message or its thread no longer exists. */
  | { readonly kind: 'gone' }
  /** Slack cannot show these blocks. */
  | { readonly kind: 'unshowable'; readonly code: string }
  /** A person must change something (invite the bot, renew the token); nothing was done. */
  | { readonly kind: 'refused'; readonly code: string }
  /** No usable answer: the call may or may not have taken effect. */
  | { readonly kind: 'unknown'; readonly code: string };

const GONE = new Set(['message_not_found', 'thread_not_found']);
const UNSHOWABLE = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_too_long',
  'msg_blocks_too_long',
]);
/** Faults on Slack's side that it reports as platform errors. */
const TRANSIENT = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
]);

const ADVICE: Readonly<Record<string, string>> = {
  not_in_channel: 'Invite the bot: /invite @mlops in the channel.',
  channel_not_found: 'Invite the bot (/invite @mlops), and check the channel in mlops.config.ts.',
  is_archived: 'Unarchive the channel, or name another in mlops.config.ts.',
  token_revoked: 'Reinstall the Slack app and give the bot its new token.',
  token_expired: 'Reinstall the Slack app and give the bot its new token.',
  invalid_auth: 'Give the bot the Bot User OAuth Token of its Slack app.',
  account_inactive: 'Reinstall the Slack app and give the bot its new token.',
  missing_scope:
    'Compare the scopes of the Slack app with bot/slack/manifest.json and reinstall it.',
  paid_teams_only: 'User groups need a paid plan: name people (U…) in mlops.config.ts instead.',
};

/** What an administrator must do about a refusal, as a sentence; empty when there is no advice. */
export function adviceOn(code: string): string {
  return Object.hasOwn(ADVICE, code) ? (ADVICE[code] ?? '') : '';
}

/** Classifies an error of the Web API; null for any other error. */
export function slackProblem(error: unknown): SlackProblem | null {
  if (error instanceof WebAPIRateLimitedError) {
    return { kind: 'rate_limited', seconds: Math.max(1, error.retryAfter) };
  }
  if (error instanceof WebAPIPlatformError) {
    const code = error.data.error;
    if (GONE.has(code)) return { kind: 'gone' };
    if (UNSHOWABLE.has(code)) return { kind: 'unshowable', code };
    if (code === 'ratelimited') return { kind: 'rate_limited', seconds: 1 };
    return TRANSIENT.has(code) ? { kind: 'unknown', code } : { kind: 'refused', code };
  }
  if (error instanceof WebAPIHTTPError)
    return { kind: 'unknown', code: `HTTP ${error.statusCode}` };
  if (error instanceof WebAPIRequestError) return { kind: 'unknown', code: error.original.message };
  return null;
}
