export type Fields = Readonly<Record<string, string>>;

/** What goes wrong with this call, if anything. */
export type Mood = (call: { method: string; fields: Fields }) => Misbehaviour | undefined;

export interface SlackMessage {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs: string | null;
  text: string;
  blocks: readonly Record<string, unknown>[];
  readonly metadata: { event_type: string; event_payload: Record<string, string> } | null;
  readonly isBroadcast: boolean;
  edits: number;
}

export interface PrivateAnswer {
  readonly user: string | null;
  readonly text: string;
  readonly blocks: readonly Record<string, unknown>[];
  readonly replaces: boolean;
}

/** How Slack may fail the next call of a method. */
export type Misbehaviour =
  | { readonly kind: 'rate_limited'; readonly seconds: number }
  | { readonly kind: 'down' }
  | { readonly kind: 'error'; readonly error: string }
  /** Does what was asked and loses the answer. */
  | { readonly kind: 'answer_lost' };

export interface FakeSlack {
  readonly apiUrl: string;
  readonly responseUrl: string;
  readonly messages: SlackMessage[];
  readonly privateAnswers: PrivateAnswer[];
  readonly openedViews: Record<string, unknown>[];
  /** A file for whoever has the token of the bot; its address. */
  addFile(name: string, content: string): string;
  readonly homes: Map<string, Record<string, unknown>>;
  readonly calls: { readonly method: string; readonly channel: string | undefined }[];
  /** What Slack would have refused, by its limits. */
  readonly problems: string[];
  /** How this Slack is for as long as it lasts; asked before what `misbehave` planned. */
  setMood(mood: Mood | null): void;
  misbehave(method: string, ...next: readonly Misbehaviour[]): void;
  remove(ts: string): void;
  roots(): SlackMessage[];
  threadOf(rootTs: string): SlackMessage[];
  close(): Promise<void>;
}
