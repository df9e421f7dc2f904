import { type Block, Message } from 'slack-blocks-to-jsx';
import type { BlockJson } from '../types.ts';
import { useDirectory } from './directory.tsx';
import { emojiOf } from './emoji.ts';
import { useTheme } from './theme.ts';

/** Display-only blocks (rich_text, markdown, plan, task_card, charts, …) by slack-blocks-to-jsx. */
export function LibraryBlock({ block }: { block: BlockJson }) {
  const { info } = useDirectory();
  const { theme } = useTheme();
  return (
    <Message
      blocks={[block as unknown as Block]}
      logo=""
      name=""
      withoutWrapper
      theme={theme}
      data={{
        users: info.people.map(({ id, realName }) => ({ id, name: realName })),
        channels: info.channels.map(({ id, name }) => ({ id, name })),
        user_groups: info.usergroups.map(({ id, handle }) => ({ id, name: handle })),
      }}
      hooks={{ emoji: ({ name }) => emojiOf(name) }}
    />
  );
}
