import { messageProblems, viewProblems } from '@mlops-bot/slack-simulator/limits';
import type { HomeView, ModalView } from '@slack/web-api';
import type { Message } from '../messages/message.ts';

/** One thing Slack may be sent, in one state. */
export type Exhibit =
  | { readonly kind: 'message' | 'private'; readonly name: string; readonly content: Message }
  | { readonly kind: 'modal'; readonly name: string; readonly content: ModalView }
  | { readonly kind: 'home'; readonly name: string; readonly content: HomeView };

/** Exhibits that belong together. */
export interface Hall {
  readonly title: string;
  readonly exhibits: readonly Exhibit[];
}

type Named<T> = readonly (readonly [name: string, content: T])[];

/** Messages of the channel and of threads. */
export const messages = (title: string, all: Named<Message>): Hall => hall(title, 'message', all);
/** Messages one person alone sees. */
export const answers = (title: string, all: Named<Message>): Hall => hall(title, 'private', all);
export const modals = (title: string, all: Named<ModalView>): Hall => hall(title, 'modal', all);
export const homes = (title: string, all: Named<HomeView>): Hall => hall(title, 'home', all);

function hall(title: string, kind: Exhibit['kind'], all: Named<Exhibit['content']>): Hall {
  return {
    title,
    exhibits: all.map(([name, content]) => ({ kind, name, content }) as Exhibit),
  };
}

/** What an exhibit weighs and what Slack would refuse about it. */
export interface Inspection {
  readonly bytes: number;
  readonly blocks: number;
  readonly problems: readonly string[];
}

/** Slack refuses longer messages (`msg_blocks_too_long`); counted over all text of the blocks. */
const MOST_TEXT = 13_000;
/** Slack's limit for a view, in bytes. */
const MOST_VIEW_BYTES = 250_000;

export function inspect(exhibit: Exhibit): Inspection {
  const { content } = exhibit;
  const bytes = Buffer.byteLength(JSON.stringify({ ...content, simpler: undefined }));
  const blocks = content.blocks.length;
  if (exhibit.kind === 'modal' || exhibit.kind === 'home') {
    const size = bytes > MOST_VIEW_BYTES ? [`${bytes} bytes, at most ${MOST_VIEW_BYTES}`] : [];
    return { bytes, blocks, problems: [...viewProblems(content), ...size] };
  }
  const { simpler } = exhibit.content;
  const fallback = simpler ? messageProblems({ ...exhibit.content, blocks: simpler }) : [];
  const length = textLength(content.blocks);
  const size = length > MOST_TEXT ? [`${length} characters, at most ${MOST_TEXT}`] : [];
  return { bytes, blocks, problems: [...messageProblems(exhibit.content), ...size, ...fallback] };
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
