import type { KnownBlock } from '@slack/types';
import type { VersionDiff } from '../../pipeline/core/compare-versions.ts';
import type { Config, GatePolicy } from '../../pipeline/core/config.ts';
import { escapeText, truncate } from './escape.ts';

/** What Slack is given. `text` is what notifications and screen readers say. */
export interface Message {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
  /** The same in older kinds of block, for a Slack that refuses these. */
  readonly simpler?: readonly KnownBlock[];
}

/** What a message says about a model beyond the run record. */
export interface ModelFacts {
  readonly title: string;
  readonly metric: GatePolicy['metric'];
  /** What a promotion would change; left out or null when nothing can be compared. */
  readonly diff?: VersionDiff | null;
}

export function message(text: string, blocks: readonly KnownBlock[]): Message {
  return { text: truncate(escapeText(text), 3_000), blocks };
}

/** The facts of a model; a run may outlive its model in `mlops.config.ts`. */
export function modelFacts(config: Config, model: string): ModelFacts {
  const known = Object.hasOwn(config.models, model) ? config.models[model] : undefined;
  return {
    title: known?.title ?? model,
    metric: known?.gate.metric ?? 'macro_f1',
  };
}
