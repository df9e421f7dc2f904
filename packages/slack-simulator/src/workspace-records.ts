/** What the workspace consists of, as rows of the store. */
import type { JournaledStore, Row } from './journaled-store.ts';
import type { BlockJson, Manifest, Person, WorkspaceChannel, WorkspaceIdentity } from './types.ts';

/** Kept in memory only: they mean nothing to the next process. */
export const TRANSIENT_COLLECTIONS: ReadonlySet<string> = new Set(['slack.ephemeral_messages']);

/**
 * Brings the store in line with the given people, channels and manifest, by id: names and topics follow the
 * options, history stays.
 */
export function seedWorkspace(options: {
  store: JournaledStore;
  identity: WorkspaceIdentity;
  manifest: Manifest;
  people: readonly Person[];
  channels: readonly WorkspaceChannel[];
}): void {
  const { store, identity, manifest, people, channels } = options;
  const { team, botUserId } = identity;
  const botName = manifest.features?.bot_user?.display_name ?? manifest.display_information.name;
  const put = (collection: string, key: string, fields: Record<string, unknown>): void => {
    const table = store.collection(collection);
    const existing = table.findOneBy(key, fields[key]);
    if (existing) table.update(existing.id, fields);
    else table.insert(fields);
  };

  put('slack.teams', 'team_id', { team_id: team.id, name: team.name, domain: team.domain });
  put('slack.users', 'user_id', userRow(team, botUserId, botName, botName, true));
  put('slack.bots', 'bot_id', botRow(identity, botName));
  for (const person of people) {
    put('slack.users', 'user_id', userRow(team, person.id, person.name, person.realName, false));
    put('slack.channels', 'channel_id', directMessageRow(identity, person.id, person.name));
  }
  const members = [...people.map((person) => person.id), botUserId];
  for (const channel of channels) {
    put('slack.channels', 'channel_id', channelRow(identity, channel, members));
  }
}

/** Completes a row as Slack does: ids in blocks, the bot behind a message. */
export function shapeRow(identity: WorkspaceIdentity, collection: string, row: Row): Row {
  const { appId: app_id, botId: bot_id, botUserId } = identity;
  const withBlocks = Array.isArray(row.blocks)
    ? { ...row, blocks: nameBlocks(row.blocks as BlockJson[]) }
    : row;
  switch (collection) {
    case 'slack.messages':
    case 'slack.ephemeral_messages': {
      const message = Array.isArray(row.files)
        ? { ...withBlocks, files: row.files.map((file) => ({ ...file, content_base64: '' })) }
        : withBlocks;
      return row.user === botUserId ? { ...message, bot_id, app_id } : message;
    }
    // The bytes live in the file's own row alone.
    case 'slack.file_upload_sessions':
      return row.completed ? { ...row, content_base64: '' } : row;
    default:
      return withBlocks;
  }
}

function nameBlocks(blocks: readonly BlockJson[]): readonly BlockJson[] {
  return blocks.map((block, index) => {
    const block_id = block.block_id ?? `b${index}`;
    const { accessory, element } = block as Nested;
    const elements = Array.isArray(block.elements)
      ? { elements: block.elements.map((element, at) => nameElement(element, `${block_id}.${at}`)) }
      : {};
    return {
      ...block,
      block_id,
      ...elements,
      ...(accessory ? { accessory: nameElement(accessory, `${block_id}.accessory`) } : {}),
      ...(element ? { element: nameElement(element, `${block_id}.input`) } : {}),
    };
  });
}

interface Nested {
  readonly accessory?: Record<string, unknown>;
  readonly element?: Record<string, unknown>;
}

const WITHOUT_ACTION = new Set(['mrkdwn', 'plain_text', 'image']);

function nameElement(element: Record<string, unknown>, fallback: string): object {
  const type = String(element.type);
  if (WITHOUT_ACTION.has(type) || type.startsWith('rich_text') || element.action_id) return element;
  return { ...element, action_id: fallback };
}

/** Direct message channel between a person and the app. */
export function directMessageId(userId: string): string {
  return `D0${userId}`;
}

function directMessageRow(
  { team, botUserId }: WorkspaceIdentity,
  userId: string,
  name: string,
): Record<string, unknown> {
  const blank = { value: '', creator: userId, last_set: 0 };
  return {
    channel_id: directMessageId(userId),
    team_id: team.id,
    name,
    is_channel: false,
    is_private: true,
    is_im: true,
    is_mpim: false,
    is_archived: false,
    is_open_by_user: { [botUserId]: true, [userId]: true },
    user: userId,
    topic: blank,
    purpose: blank,
    members: [botUserId, userId],
    creator: botUserId,
    num_members: 2,
    last_read: {},
  };
}

function channelRow(
  { team, botUserId }: WorkspaceIdentity,
  channel: WorkspaceChannel,
  members: string[],
): Record<string, unknown> {
  const text = (value: string) => ({ value, creator: botUserId, last_set: 0 });
  return {
    channel_id: channel.id,
    team_id: team.id,
    name: channel.name,
    is_channel: true,
    is_private: false,
    is_archived: false,
    topic: text(channel.topic ?? ''),
    purpose: text(''),
    members,
    creator: botUserId,
    num_members: members.length,
  };
}

function userRow(
  team: WorkspaceIdentity['team'],
  id: string,
  name: string,
  realName: string,
  isBot: boolean,
) {
  return {
    user_id: id,
    team_id: team.id,
    name,
    real_name: realName,
    email: `${name}@${team.domain}.example`,
    is_admin: false,
    is_bot: isBot,
    deleted: false,
    profile: {
      display_name: name,
      display_name_normalized: name,
      real_name: realName,
      real_name_normalized: realName,
      email: `${name}@${team.domain}.example`,
      image_48: '',
      image_192: '',
      status_text: '',
      status_emoji: '',
    },
  };
}

function botRow(identity: WorkspaceIdentity, name: string): Record<string, unknown> {
  const { appId, botId, botUserId } = identity;
  return {
    bot_id: botId,
    app_id: appId,
    user_id: botUserId,
    name,
    deleted: false,
    icons: { image_48: '' },
  };
}
