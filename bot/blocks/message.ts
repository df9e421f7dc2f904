import type { KnownBlock } from '@slack/types';
import type { VersionDiff } from '../../pipeline/core/compare-versions.ts';
import type { Config, GatePolicy } from '../../pipeline/core/config.ts';
import { type ChartBlock, isChart } from './chart.ts';
import { escapeText, truncate } from './escape.ts';

export type MessageBlock = KnownBlock | ChartBlock;

/** A message for Slack. Notifications and screen readers use `text`. */
export interface Message {
  readonly text: string;
  readonly blocks: readonly MessageBlock[];
  /** The same in older block types, for when Slack rejects `blocks`. */
  readonly simpler?: readonly KnownBlock[];
}

/** What a message needs to know about a model beyond the run record. */
export interface ModelFacts {
  readonly title: string;
  readonly metric: GatePolicy['metric'];
  /** What the gate allows; missing when the model is no longer in `mlops.config.ts`. */
  readonly gate?: GatePolicy;
  /** What a promotion would change; missing or null when there is nothing to compare with. */
  readonly diff?: VersionDiff | null;
  /** Readers are on other machines, which cannot reach an address of this one; left out: not so. */
  readonly isRemote?: boolean;
}

/** A message whose `text` is escaped and cut to Slack's limit. */
export function message(text: string, blocks: readonly MessageBlock[]): Message {
  return { text: truncate(escapeText(text), 3_000), blocks };
}

/** The message without its charts. */
export function withoutCharts<T extends Pick<Message, 'blocks'>>(message: T): T {
  return { ...message, blocks: message.blocks.filter((block) => !isChart(block)) };
}

/** The facts of a model, with defaults for one that was removed from `mlops.config.ts`. */
export function modelFacts(config: Config, model: string): ModelFacts {
  const known = Object.hasOwn(config.models, model) ? config.models[model] : undefined;
  return {
    title: known?.title ?? model,
    metric: known?.gate.metric ?? 'macro_f1',
    ...(known === undefined ? {} : { gate: known.gate }),
  };
}
