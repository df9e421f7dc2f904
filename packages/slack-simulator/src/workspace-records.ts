/** What the workspace consists of, as rows of emulate's Slack collections. */
import { randomBytes } from 'node:crypto';
import type { JournaledStore, Row } from './journaled-store.ts';
import type { BlockJson, Manifest, Person, WorkspaceChannel } from './types.ts';

export const TEAM = { id: 'T0LOCAL', name: 'Acme ML', domain: 'acme-ml' } as const;
export const APP_ID = 'A0MLOPS';
export const BOT_ID = 'B0MLOPS';
export const BOT_USER_ID = 'U0MLOPS';

/** Kept in memory only: they mean nothing to the next process. */
export const TRANSIENT_COLLECTIONS: ReadonlySet<string> = new Set([
  'slack.tokens',
  'slack.view_triggers',
  'slack.ephemeral_messages',
]);

/** Scopes of the people's own tokens, with which the page posts in their name. */
const PERSON_SCOPES = ['chat:write', 'im:read', 'im:history', 'channels:read', 'channels:history'];

export interface Identities {
  /** Token with which the page acts for a person. */
  personToken(userId: string): string;
  /** Direct message channel between a person and the app. */
  directMessage(userId: string): string;
}

/**
 * Brings the store in line with the given people, channels and manifest, by id: names and topics follow the
 * options, history stays. The bot's token gets exactly the manifest's scopes, so that a scope missing there
 * fails here as it would in Slack.
 */
export function seedWorkspace(options: {
  store: JournaledStore;
  manifest: Manifest;
  people: readonly Person[];
  channels: readonly WorkspaceChannel[];
  botToken: string;
}): Identities {
  const { store, manifest, people, channels, botToken } = options;
  const botName = manifest.features?.bot_user?.display_name ?? manifest.display_information.name;
  const put = (collection: string, key: string, fields: Record<string, unknown>): void => {
    const table = store.collection(collection);
    const existing = table.findOneBy(key, fields[key]);
    if (existing) table.update(existing.id, fields);
    else table.insert(fields);
  };

  put('slack.teams', 'team_id', { team_id: TEAM.id, name: TEAM.name, domain: TEAM.domain });
  put('slack.users', 'user_id', userRow(BOT_USER_ID, botName, botName, true));
  put('slack.bots', 'bot_id', botRow(botName));
  for (const person of people) {
    put('slack.users', 'user_id', userRow(person.id, person.name, person.realName, false));
    put('slack.channels', 'channel_id', directMessageRow(person.id, person.name));
  }
  const members = [...people.map((person) => person.id), BOT_USER_ID];
  for (const channel of channels) {
    put('slack.channels', 'channel_id', channelRow(channel, members));
  }

  const scopes = manifest.oauth_config?.scopes?.bot;
  store.setData('slack.strict_scopes', scopes !== undefined);
  const tokens = store.collection('slack.tokens');
  tokens.insert({
    ...tokenRow(botToken, BOT_USER_ID, scopes ?? []),
    token_type: 'bot',
    app_id: APP_ID,
    bot_id: BOT_ID,
    bot_user_id: BOT_USER_ID,
  });
  const personTokens = new Map(
    people.map((person) => [person.id, `xoxp-${randomBytes(12).toString('hex')}`]),
  );
  for (const [userId, token] of personTokens) tokens.insert(tokenRow(token, userId, PERSON_SCOPES));

  return {
    personToken(userId) {
      const token = personTokens.get(userId);
      if (!token) throw new Error(`Nobody in this workspace has the id ${userId}.`);
      return token;
    },
    directMessage: directMessageId,
  };
}

/** Completes a row as Slack does and emulate does not: ids in blocks, the bot behind a message. */
export function shapeRow(collection: string, row: Row): Row {
  const withBlocks = Array.isArray(row.blocks)
    ? { ...row, blocks: nameBlocks(row.blocks as BlockJson[]) }
    : row;
  switch (collection) {
    case 'slack.messages':
    case 'slack.ephemeral_messages': {
      const message = Array.isArray(row.files)
        ? { ...withBlocks, files: row.files.map((file) => ({ ...file, content_base64: '' })) }
        : withBlocks;
      return row.user === BOT_USER_ID ? { ...message, bot_id: BOT_ID, app_id: APP_ID } : message;
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

function directMessageId(userId: string): string {
  return `D0${userId}`;
}

function directMessageRow(userId: string, name: string): Record<string, unknown> {
  const blank = { value: '', creator: userId, last_set: 0 };
  return {
    channel_id: directMessageId(userId),
    team_id: TEAM.id,
    name,
    is_channel: false,
    is_private: true,
    is_im: true,
    is_mpim: false,
    is_archived: false,
    is_open_by_user: { [BOT_USER_ID]: true, [userId]: true },
    user: userId,
    topic: blank,
    purpose: blank,
    members: [BOT_USER_ID, userId],
    creator: BOT_USER_ID,
    num_members: 2,
    last_read: {},
  };
}

function channelRow(channel: WorkspaceChannel, members: string[]): Record<string, unknown> {
  const text = (value: string) => ({ value, creator: BOT_USER_ID, last_set: 0 });
  return {
    channel_id: channel.id,
    team_id: TEAM.id,
    name: channel.name,
    is_channel: true,
    is_private: false,
    is_archived: false,
    topic: text(channel.topic ?? ''),
    purpose: text(''),
    members,
    creator: BOT_USER_ID,
    num_members: members.length,
  };
}

function userRow(id: string, name: string, realName: string, isBot: boolean) {
  return {
    user_id: id,
    team_id: TEAM.id,
    name,
    real_name: realName,
    email: `${name}@acme-ml.example`,
    is_admin: false,
    is_bot: isBot,
    deleted: false,
    profile: {
      display_name: name,
      display_name_normalized: name,
      real_name: realName,
      real_name_normalized: realName,
      email: `${name}@acme-ml.example`,
      image_48: '',
      image_192: '',
      status_text: '',
      status_emoji: '',
      status_emoji_display_info: [],
      status_expiration: 0,
    },
    presence: 'active',
    manual_presence: 'auto',
    connection_count: 1,
  };
}

function botRow(name: string): Record<string, unknown> {
  return {
    bot_id: BOT_ID,
    app_id: APP_ID,
    user_id: BOT_USER_ID,
    name,
    deleted: false,
    icons: { image_48: '' },
  };
}

function tokenRow(token: string, userId: string, scopes: readonly string[]) {
  return { token, token_type: 'user', team_id: TEAM.id, user_id: userId, scopes: [...scopes] };
}
