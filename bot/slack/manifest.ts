import { readFileSync } from 'node:fs';

/** The parts of `manifest.json` that the code reads. */
export interface AppManifest {
  readonly display_information: {
    readonly name: string;
    readonly description: string;
    readonly long_description: string;
    readonly background_color: string;
  };
  readonly features: {
    readonly app_home: {
      readonly home_tab_enabled: boolean;
      readonly messages_tab_enabled: boolean;
      /** People can write to the bot only when this is false. */
      readonly messages_tab_read_only_enabled: boolean;
    };
    readonly bot_user: { readonly display_name: string };
    readonly slash_commands: readonly {
      readonly command: string;
      readonly url: string;
      readonly description: string;
      readonly usage_hint: string;
      readonly should_escape: boolean;
    }[];
    readonly shortcuts: readonly {
      readonly name: string;
      readonly type: 'message' | 'global';
      readonly callback_id: string;
      readonly description: string;
    }[];
  };
  /** `requiredScopes` gives the purpose of each. */
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
  readonly settings: {
    readonly event_subscriptions: {
      readonly request_url: string;
      readonly bot_events: readonly string[];
    };
    readonly interactivity: { readonly is_enabled: boolean; readonly request_url: string };
  };
}

/** Every scope with the Web API method or event that needs it; a test keeps the manifest equal. */
export const requiredScopes = {
  commands: 'the slash command /mlops and the message shortcut',
  'app_mentions:read': 'the event app_mention',
  'files:read':
    'the event file_shared, files.info and the file: a dataset that is dropped in Slack',
  'chat:write': 'chat.postMessage, chat.update, chat.postEphemeral, chat.getPermalink',
  'channels:history':
    'conversations.history and .replies: a message after a crash, the run of a thread',
  'groups:history': 'the same in a private channel',
  'im:history':
    'the event message.im: what people write to the bot; conversations.history of their messages with it',
  'channels:read': 'conversations.list: the id of the channel named in mlops.config.ts',
  'groups:read': 'the same for a private channel',
  'users:read': 'users.info: the name of the person who typed, clicked or mentioned the bot',
  'usergroups:read': 'usergroups.users.list: approvers named by their user group',
} as const;

/** The manifest, with every request URL replaced by `requestUrl` when one is given. */
export function loadManifest(requestUrl?: string): AppManifest {
  const text = readFileSync(new URL('manifest.json', import.meta.url), 'utf8');
  const placeholder = 'https://example.invalid/slack/events';
  return JSON.parse(requestUrl === undefined ? text : text.replaceAll(placeholder, requestUrl));
}

/** The manifest as it is in the repository. */
export const manifest: AppManifest = loadManifest();
