import type { WebClient } from '@slack/web-api';
import { requiredScopes } from '../../bot/slack/manifest.ts';
import { channelProblem } from '../../bot/web-api/channel-problem.ts';
import { slackProblem } from '../../bot/web-api/slack-problem.ts';
import { bad, type Check, good } from './report.ts';

const guide = 'docs/slack.md shows how the app is made.';

/** Token, scopes, and whether the bot is in the channel where runs are announced. */
export async function checkSlack(
  client: Pick<WebClient, 'auth' | 'conversations'>,
  channel: string,
): Promise<readonly Check[]> {
  try {
    const { team = '', user = '', response_metadata } = await client.auth.test();
    const checks = [good(`Slack: ${user} in ${team}`)];
    const granted = response_metadata?.scopes ?? [];
    const missing = Object.entries(requiredScopes).filter(([scope]) => !granted.includes(scope));
    for (const [scope, purpose] of missing) {
      checks.push(bad(`The scope ${scope} is missing (${purpose}).`, guide));
    }
    if (missing.length === 0) checks.push(good('Every scope is granted'));
    return [...checks, await checkChannel(client, channel)];
  } catch (error) {
    const problem = slackProblem(error);
    if (problem === null) throw error;
    const code = 'code' in problem ? problem.code : problem.kind;
    return [bad(`Slack refused: ${code}`, guide)];
  }
}

async function checkChannel(
  client: Pick<WebClient, 'conversations'>,
  channel: string,
): Promise<Check> {
  const problem = await channelProblem(client, channel);
  return problem === null ? good(`The bot is in ${channel}`) : bad(problem.message, problem.hint);
}
