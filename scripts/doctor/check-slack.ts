import type { WebClient } from '@slack/web-api';
import { requiredScopes } from '../../bot/slack/manifest.ts';
import { slackProblem } from '../../bot/web-api/slack-problem.ts';
import { bad, type Check, good } from './report.ts';

const PAGE = 200;
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
  { conversations }: Pick<WebClient, 'conversations'>,
  channel: string,
): Promise<Check> {
  let cursor: string | undefined;
  do {
    const { channels = [], response_metadata } = await conversations.list({
      types: 'public_channel,private_channel',
      exclude_archived: true,
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const found = channels.find(({ id, name }) => id === channel || `#${name}` === channel);
    if (found !== undefined) {
      return found.is_member === true
        ? good(`The bot is in ${channel}`)
        : bad(`The bot is not in ${channel}.`, `Type /invite @mlops in ${channel}.`);
    }
    cursor = response_metadata?.next_cursor || undefined;
  } while (cursor !== undefined);
  return bad(
    `There is no channel ${channel} that the bot can see.`,
    'Correct channel in mlops.config.ts; invite the bot first if it is private.',
  );
}
