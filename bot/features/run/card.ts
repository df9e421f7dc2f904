import type { KnownBlock } from '@slack/types';
import { hasEnded, type Run } from '../../../pipeline/core/run.ts';
import { truncate } from '../../blocks/escape.ts';
import { headline } from '../../blocks/headline.ts';
import { type Message, type ModelFacts, message } from '../../blocks/message.ts';
import { costPhrase } from '../../blocks/money.ts';
import { lines } from '../../blocks/rich-text.ts';
import { scorePhrase } from '../../blocks/scores.ts';
import { cardButtons } from './card-buttons.ts';
import { cardLines } from './card-lines.ts';
import { tookPhrase } from './took-phrase.ts';

/** How to render a card. */
export interface CardOptions {
  /** Leaves mentions out, because they would notify on posting; edits are silent. */
  readonly quiet?: boolean;
}

/**
 * The root message of a run in any state, in three lines: the state, the score against production,
 * who must act. A warning that a decision must not miss is a line of its own; everything else is in
 * the thread or behind “Details”.
 */
export function card(run: Run, facts: ModelFacts, options: CardOptions = {}): Message {
  const { score, warnings, next } = cardLines(run, facts, options.quiet === true);
  const title = headline(run);
  const phrase = scorePhrase(run, facts);
  return message(phrase && !hasEnded(run) ? `${title} · ${phrase}` : title, [
    {
      type: 'header',
      text: { type: 'plain_text', text: truncate(title, 150), emoji: true },
    },
    lines(score, ...warnings, next),
    ...cardButtons(run, facts),
    ...footer(run),
  ]);
}

/** Of an ended run: how long it took, what it cost, and its id for commands. */
function footer(run: Run): readonly KnownBlock[] {
  if (!hasEnded(run)) return [];
  const text = [tookPhrase(run), costPhrase(run), `Run ${run.id}`].filter(Boolean).join(' · ');
  return [
    {
      type: 'context',
      elements: [{ type: 'plain_text', text: truncate(text, 300), emoji: false }],
    },
  ];
}
