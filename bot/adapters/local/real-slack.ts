import type { Receiver } from '@slack/bolt';
import { WebAPIPlatformError, WebClient } from '@slack/web-api';
import type { Config } from '../../../pipeline/core/config.ts';
import { MlopsError } from '../../../pipeline/core/errors.ts';
import { requiredScopes } from '../../slack/manifest.ts';
import { openSocketConnection, type SocketConnection } from '../../slack/socket-connection.ts';
import { slackClientOptions } from '../../web-api/client-options.ts';
import { findSetupProblems } from '../../web-api/find-setup-problems.ts';
import { slackProblem } from '../../web-api/slack-problem.ts';
import type { SlackTokens } from './slack-tokens.ts';

export interface SlackIdentity {
  /** Address of the workspace, such as `https://acme.slack.com/`. */
  readonly url: string;
  readonly botUserId: string;
  /** What is missing for the bot to work here, as sentences that say what to do. */
  readonly missing: readonly string[];
}

const CALL_TIMEOUT_MILLISECONDS = 10_000;

/**
 * Asks Slack whose bot token this is, and whether the workspace fits the configuration.
 * @throws {MlopsError} `CONFIG_INVALID` with a sentence about what is wrong with the token.
 */
export async function identifyBot(options: {
  tokens: SlackTokens;
  config: Pick<Config, 'channel' | 'operators' | 'models'>;
  log: (line: string) => void;
}): Promise<SlackIdentity> {
  const { tokens, config, log } = options;
  const client = new WebClient(tokens.botToken, {
    // No log: the error below reports what went wrong.
    ...slackClientOptions({ ...tokens, timeout: CALL_TIMEOUT_MILLISECONDS, log: () => {} }),
    retryConfig: { retries: 1, minTimeout: 500 },
  });
  const who = await client.auth.test().catch((error: unknown) => {
    throw refusal(error, 'SLACK_BOT_TOKEN', 'OAuth & Permissions → Bot User OAuth Token');
  });
  const granted = who.response_metadata?.scopes;
  const missing = Object.keys(requiredScopes).filter((scope) => !granted?.includes(scope));
  const scopes =
    granted !== undefined && missing.length > 0
      ? [
          `The Slack app lacks ${missing.join(', ')}: add them under OAuth & Permissions, reinstall.`,
        ]
      : [];
  const problems = await findSetupProblems(client, config);
  const sentences = [...scopes, ...problems.map(({ message, hint }) => `${message} ${hint}`)];
  for (const sentence of sentences) log(sentence);
  return {
    url: String(who.url ?? 'https://slack.com/'),
    botUserId: String(who.user_id),
    missing: sentences,
  };
}

/**
 * Opens the Socket Mode connection.
 * @throws {MlopsError} `CONFIG_INVALID` with a sentence about what is wrong with the app-level token.
 */
export async function connectBot(options: {
  tokens: SlackTokens;
  attach: (receiver: Receiver) => void;
  log: (line: string) => void;
}): Promise<SocketConnection> {
  const { tokens, attach, log } = options;
  return openSocketConnection({ ...tokens, attach, log }).catch((error: unknown) => {
    throw refusal(error, 'SLACK_APP_TOKEN', 'Basic Information → App-Level Tokens');
  });
}

function refusal(error: unknown, name: string, place: string): MlopsError {
  if (!(error instanceof WebAPIPlatformError)) {
    const problem = slackProblem(error);
    const why = problem !== null && 'code' in problem ? problem.code : String(error);
    return new MlopsError('CONFIG_INVALID', `Slack could not be reached (${why}).`, {
      hint: 'Check the network, a proxy, and SLACK_API_URL if it is set.',
      cause: error,
    });
  }
  const code = error.data.error;
  if (code === 'missing_scope' || code === 'not_allowed_token_type') {
    return new MlopsError('CONFIG_INVALID', `${name} lacks a permission (${code}).`, {
      hint: `Create a new one in the settings of the Slack app (${place}); docs/slack.md has the steps.`,
    });
  }
  return new MlopsError('CONFIG_INVALID', `Slack does not accept ${name} (${code}).`, {
    hint: `Copy it again from the settings of the Slack app: ${place}.`,
  });
}
