import type { WebClient } from '@slack/web-api';

const PAGE = 200;

/** What is wrong, and what to do about it. */
export interface SetupProblem {
  readonly message: string;
  readonly hint: string;
}

/** Why the bot cannot post in the channel; null when it can. */
export async function channelProblem(
  { conversations }: Pick<WebClient, 'conversations'>,
  channel: string,
): Promise<SetupProblem | null> {
  let cursor: string | undefined;
  do {
    const { channels = [], response_metadata } = await conversations.list({
      types: 'public_channel,private_channel',
      exclude_archived: true,
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const found = channels.find(({ id, name }) => id === channel || `#${name}` === channel);
    if (found?.is_member === true) return null;
    if (found !== undefined) {
      return {
        message: `The bot is not in ${channel}.`,
        hint: `Type /invite @mlops in ${channel}.`,
      };
    }
    cursor = response_metadata?.next_cursor || undefined;
  } while (cursor !== undefined);
  return {
    message: `There is no channel ${channel} that the bot can see.`,
    hint: 'Correct channel in mlops.config.ts; invite the bot first if it is private.',
  };
}
