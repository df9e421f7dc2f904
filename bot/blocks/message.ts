import type { KnownBlock } from '@slack/types';
import type { VersionDiff } from '../../pipeline/core/compare-versions.ts';
import type { Config, GatePolicy } from '../../pipeline/core/config.ts';
import { type ChartBlock, isChart } from './chart.ts';
import { escapeText, truncate } from './escape.ts';

export type MessageBlock = KnownBlock | ChartBlock;

/** What Slack is given. `text` is what notifications and screen readers say. */
export interface Message {
  readonly text: string;
  readonly blocks: readonly MessageBlock[];
  /** The same in older kinds of block, for a Slack that refuses these. */
  readonly simpler?: readonly KnownBlock[];
}

/** What a message says about a model beyond the run record. */
export interface ModelFacts {
  readonly title: string;
  readonly metric: GatePolicy['metric'];
  /** What the gate allows; left out when the model is no longer in `mlops.config.ts`. */
  readonly gate?: GatePolicy;
  /** What a promotion would change; left out or null when nothing can be compared. */
  readonly diff?: VersionDiff | null;
}

export function message(text: string, blocks: readonly MessageBlock[]): Message {
  return { text: truncate(escapeText(text), 3_000), blocks };
}

export function withoutCharts<T extends Pick<Message, 'blocks'>>(message: T): T {
  return { ...message, blocks: message.blocks.filter((block) => !isChart(block)) };
}

/** The facts of a model; a run may outlive its model in `mlops.config.ts`. */
export function modelFacts(config: Config, model: string): ModelFacts {
  const known = Object.hasOwn(config.models, model) ? config.models[model] : undefined;
  return {
    title: known?.title ?? model,
    metric: known?.gate.metric ?? 'macro_f1',
    ...(known === undefined ? {} : { gate: known.gate }),
  };
}
