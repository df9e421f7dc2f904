import { MlopsError } from '../../../pipeline/core/errors.ts';

/** What `npm start` needs to work in a real workspace, by Socket Mode. */
export interface SlackTokens {
  readonly botToken: string;
  readonly appToken: string;
  /** Base URL of another Slack-compatible server; ends in `/api/`. */
  readonly apiUrl?: string;
}

const guide = 'docs/slack.md shows where both come from; unset both for the workspace page.';

/**
 * Reads the tokens from the environment; null when none is set, which means the workspace page.
 * @throws {MlopsError} `CONFIG_INVALID` when only one is set or one has the wrong form.
 */
export function readSlackTokens(
  environment: Readonly<Record<string, string | undefined>>,
): SlackTokens | null {
  const botToken = environment.SLACK_BOT_TOKEN?.trim() || undefined;
  const appToken = environment.SLACK_APP_TOKEN?.trim() || undefined;
  const apiUrl = environment.SLACK_API_URL?.trim() || undefined;
  if (botToken === undefined && appToken === undefined) return null;
  if (botToken === undefined) throw wrong('SLACK_APP_TOKEN is set, but SLACK_BOT_TOKEN is not.');
  if (appToken === undefined) throw wrong('SLACK_BOT_TOKEN is set, but SLACK_APP_TOKEN is not.');
  if (!botToken.startsWith('xoxb-')) {
    throw wrong('SLACK_BOT_TOKEN is not a bot token: those start with xoxb-.');
  }
  if (!appToken.startsWith('xapp-')) {
    throw wrong('SLACK_APP_TOKEN is not an app-level token: those start with xapp-.');
  }
  if (apiUrl === undefined) return { botToken, appToken };
  if (!/^https?:\/\/\S+$/.test(apiUrl)) {
    throw wrong('SLACK_API_URL is not an address: it looks like https://slack.com/api/.');
  }
  return { botToken, appToken, apiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/` };
}

function wrong(message: string): MlopsError {
  return new MlopsError('CONFIG_INVALID', message, { hint: guide });
}
