/** A member of the local workspace. `id` is the Slack user id the bot sees, so it must be stable. */
export interface Person {
  readonly id: string;
  /** Handle without `@`. */
  readonly name: string;
  readonly realName: string;
  /** What the person is in this team, shown beside the name, such as "Approver". */
  readonly title?: string;
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

/** What the local pipeline offers to the page beside Slack. Injected by the composition root. */
export interface WorkspaceControls {
  models(): readonly ModelChoice[];
  /** Throws an Error whose message is shown to the person. */
  dropDataset(input: {
    model: string;
    fileName: string;
    body: AsyncIterable<Uint8Array>;
    userId: string;
  }): Promise<{ message: string }>;
  runningJobs(): Promise<readonly RunningJob[]>;
  interrupt(jobName?: string): Promise<{ message: string }>;
  endpoints(): Promise<readonly ServedEndpoint[]>;
}

export interface ModelChoice {
  readonly name: string;
  readonly title: string;
  /** Value of the file input's `accept`, such as ".csv,.jsonl". */
  readonly accepts: string;
}

export interface RunningJob {
  readonly name: string;
  readonly model: string;
  readonly runId: string;
  readonly step: number | null;
  readonly total: number | null;
}

export interface ServedEndpoint {
  readonly name: string;
  readonly model: string;
  readonly url: string;
  readonly version: number;
  /** A request body the endpoint accepts; the try-out form starts from it. */
  readonly example: unknown;
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

export interface WorkspaceJobs {
  readonly jobs: readonly RunningJob[];
  readonly endpoints: readonly ServedEndpoint[];
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
  | ({ readonly type: 'jobs' } & WorkspaceJobs);

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
  readonly models: readonly ModelChoice[];
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
  readonly controls?: Partial<WorkspaceControls>;
  readonly log?: (line: string) => void;
}
