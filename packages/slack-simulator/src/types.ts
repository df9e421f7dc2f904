import type { WorkspacePlugin } from './plugin.ts';

/** A member of the local workspace. `id` is the Slack user id the bot sees, so it must be stable. */
export interface Person {
  readonly id: string;
  /** Handle without `@`. */
  readonly name: string;
  readonly realName: string;
  /** What the person is in this team, shown beside the name, such as "Approver". */
  readonly title?: string;
}

/** The team and the app as they appear in payloads and in stored messages. */
export interface WorkspaceIdentity {
  readonly team: { readonly id: string; readonly name: string; readonly domain: string };
  readonly appId: string;
  readonly botId: string;
  readonly botUserId: string;
}

export interface WorkspaceChannel {
  readonly id: string;
  /** Name without `#`. */
  readonly name: string;
  readonly topic?: string;
}

export interface WorkspaceUsergroup {
  readonly id: string;
  /** Handle without `@`. */
  readonly handle: string;
  readonly name: string;
  readonly users: readonly string[];
}

/** The parts of a Slack app manifest that the workspace acts on; the rest is ignored. */
export interface Manifest {
  readonly display_information: {
    readonly name: string;
    readonly description?: string;
    readonly background_color?: string;
  };
  readonly features?: {
    readonly bot_user?: { readonly display_name: string };
    readonly app_home?: {
      readonly home_tab_enabled?: boolean;
      readonly messages_tab_enabled?: boolean;
    };
    readonly slash_commands?: readonly SlashCommand[];
    readonly shortcuts?: readonly Shortcut[];
  };
  readonly oauth_config?: { readonly scopes?: { readonly bot?: readonly string[] } };
  readonly settings?: {
    readonly event_subscriptions?: { readonly bot_events?: readonly string[] };
  };
}

export interface SlashCommand {
  readonly command: string;
  readonly description?: string;
  readonly usage_hint?: string;
  readonly should_escape?: boolean;
}

export interface Shortcut {
  readonly name: string;
  /** `message` or `global`; a string because JSON imports widen it. */
  readonly type: string;
  readonly callback_id: string;
  readonly description?: string;
}

/** A Block Kit object as JSON: the workspace renders and routes it, and checks only what it needs. */
export interface BlockJson {
  readonly type: string;
  readonly block_id?: string;
  readonly [field: string]: unknown;
}

export interface WorkspaceFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly mimetype: string;
  readonly size: number;
  readonly alt_txt?: string;
}

/** A message as `conversations.history` has it, plus its channel and who alone may see it. */
export interface WorkspaceMessage {
  readonly channel: string;
  readonly ts: string;
  readonly thread_ts: string | null;
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly BlockJson[];
  readonly files: readonly WorkspaceFile[];
  readonly metadata: unknown;
  readonly edited: boolean;
  readonly reply_broadcast: boolean;
  readonly reply_count: number;
  readonly reply_users: readonly string[];
  readonly latest_reply: string | null;
  readonly reactions: readonly {
    readonly name: string;
    readonly count: number;
    readonly users: readonly string[];
  }[];
  /** The one person who sees an ephemeral message; null for a real one. */
  readonly ephemeral_for: string | null;
}

export interface WorkspaceView {
  readonly id: string;
  readonly type: 'modal' | 'home';
  readonly user: string;
  readonly callback_id: string;
  readonly title: string;
  readonly submit: string | null;
  readonly close: string | null;
  readonly blocks: readonly BlockJson[];
  readonly private_metadata: string;
  readonly hash: string;
}

/** What `GET /api/events` streams, one JSON object an event. */
export type WorkspaceEvent =
  | { readonly type: 'message' | 'update'; readonly message: WorkspaceMessage }
  | { readonly type: 'ephemeral'; readonly message: WorkspaceMessage }
  | {
      readonly type: 'delete';
      readonly channel: string;
      readonly ts: string;
      readonly ephemeral_for: string | null;
    }
  /** The open modals of one person, the topmost last; empty when all are closed. */
  | { readonly type: 'view'; readonly user: string; readonly stack: readonly WorkspaceView[] }
  | { readonly type: 'home'; readonly user: string; readonly view: WorkspaceView }
  /** What a plug-in published, for its own part of the page. */
  | { readonly type: 'plugin'; readonly plugin: string; readonly data: unknown };

/** `GET /api/workspace`: everything the page needs before its first message. */
export interface WorkspaceInfo {
  readonly team: { readonly id: string; readonly name: string };
  readonly people: readonly Person[];
  readonly channels: readonly WorkspaceChannel[];
  readonly usergroups: readonly WorkspaceUsergroup[];
  /** Direct message channel with the app, by person. */
  readonly directMessages: Readonly<Record<string, string>>;
  readonly app: {
    readonly id: string;
    readonly name: string;
    readonly description: string;
    readonly color: string;
    readonly botUserId: string;
    readonly hasHome: boolean;
    readonly hasMessages: boolean;
  };
  readonly commands: readonly SlashCommand[];
  readonly shortcuts: readonly Shortcut[];
}

/** How the app answered one signed request. */
export type Delivery =
  | { readonly ok: true }
  /** `error` is Slack's word for it: operation_timeout, dispatch_failed, … */
  | { readonly ok: false; readonly error: string };

export type ViewAnswer =
  | { readonly ok: true }
  | { readonly ok: false; readonly error: string }
  | { readonly ok: true; readonly errors: Readonly<Record<string, string>> };

export interface WorkspaceOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** 127.0.0.1, which is also the default; anything but a loopback address is refused. */
  readonly host?: string;
  /** Journal and page cache; created when missing. One workspace per folder at a time. */
  readonly stateFolder: string;
  readonly signingSecret: string;
  readonly botToken: string;
  /** Where the app listens; a function when that is known only after the workspace is up. */
  readonly requestUrl: string | (() => string);
  readonly manifest: Manifest;
  readonly people: readonly Person[];
  readonly channels: readonly WorkspaceChannel[];
  readonly usergroups?: readonly WorkspaceUsergroup[];
  /** Defaults to neutral ids. They are stored with every message: keep them as long as the state folder. */
  readonly identity?: WorkspaceIdentity;
  readonly plugins?: readonly WorkspacePlugin[];
  /** Block types to answer `invalid_blocks` to, as a workspace does that a roll-out has not reached. */
  readonly refusedBlockTypes?: readonly string[];
  readonly log?: (line: string) => void;
  /** Milliseconds since 1970, also for signatures; the clock of this machine when left out. */
  readonly now?: () => number;
}
