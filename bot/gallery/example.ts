import { messageProblems, viewProblems } from '@mlops-bot/slack-simulator/limits';
import type { HomeView, ModalView } from '@slack/web-api';
import type { Message } from '../blocks/message.ts';

/** One thing Slack may be sent, in one state. */
export type Example =
  | { readonly kind: 'message' | 'private'; readonly name: string; readonly content: Message }
  | { readonly kind: 'modal'; readonly name: string; readonly content: ModalView }
  | { readonly kind: 'home'; readonly name: string; readonly content: HomeView };

/** Examples that belong together. */
export interface Section {
  readonly title: string;
  readonly examples: readonly Example[];
}

type Named<T> = readonly (readonly [name: string, content: T])[];

/** Messages of the channel and of threads. */
export const messages = (title: string, all: Named<Message>): Section =>
  section(title, 'message', all);
/** Messages that only one person sees. */
export const answers = (title: string, all: Named<Message>): Section =>
  section(title, 'private', all);
export const modals = (title: string, all: Named<ModalView>): Section =>
  section(title, 'modal', all);
export const homes = (title: string, all: Named<HomeView>): Section => section(title, 'home', all);

function section(title: string, kind: Example['kind'], all: Named<Example['content']>): Section {
  return {
    title,
    examples: all.map(([name, content]) => ({ kind, name, content }) as Example),
  };
}

/** How large an example is, and what Slack would refuse about it. */
export interface Inspection {
  readonly bytes: number;
  readonly blocks: number;
  readonly problems: readonly string[];
}

/** Slack refuses longer messages (`msg_blocks_too_long`); counted over all text of the blocks. */
const MOST_TEXT = 13_000;
/** Slack's limit for a view, in bytes. */
const MOST_VIEW_BYTES = 250_000;

export function inspect(example: Example): Inspection {
  const { content } = example;
  const bytes = Buffer.byteLength(JSON.stringify({ ...content, simpler: undefined }));
  const blocks = content.blocks.length;
  if (example.kind === 'modal' || example.kind === 'home') {
    const size = bytes > MOST_VIEW_BYTES ? [`${bytes} bytes, at most ${MOST_VIEW_BYTES}`] : [];
    return { bytes, blocks, problems: [...viewProblems(content), ...size] };
  }
  const { simpler } = example.content;
  const fallback = simpler ? messageProblems({ ...example.content, blocks: simpler }) : [];
  const length = textLength(content.blocks);
  const size = length > MOST_TEXT ? [`${length} characters, at most ${MOST_TEXT}`] : [];
  return { bytes, blocks, problems: [...messageProblems(example.content), ...size, ...fallback] };
}

function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum, each) => sum + textLength(each), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [name, each]) =>
      sum + (name === 'text' && typeof each === 'string' ? each.length : textLength(each)),
    0,
  );
}
