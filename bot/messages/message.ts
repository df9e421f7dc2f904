import type { KnownBlock } from '@slack/types';
import type { VersionDiff } from '../../pipeline/core/compare-versions.ts';
import type { Config, GatePolicy } from '../../pipeline/core/config.ts';
import type { Pipeline } from '../../pipeline/core/pipeline.ts';
import type { Recipe } from '../../pipeline/core/python-contract.ts';
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
  /** Null when the recipe is gone; the message then has no example request. */
  readonly recipe: Recipe | null;
  /** What a promotion would change; left out or null when nothing can be compared. */
  readonly diff?: VersionDiff | null;
}

export function message(text: string, blocks: readonly KnownBlock[]): Message {
  return { text: truncate(escapeText(text), 3_000), blocks };
}

/** The facts of a model; a run may outlive its model in `mlops.config.ts`. */
export function modelFacts(config: Config, pipeline: Pipeline, model: string): ModelFacts {
  const known = Object.hasOwn(config.models, model) ? config.models[model] : undefined;
  return {
    title: known?.title ?? model,
    metric: known?.gate.metric ?? 'macro_f1',
    recipe: known === undefined ? null : recipeOf(pipeline, model),
  };
}

function recipeOf(pipeline: Pipeline, model: string): Recipe | null {
  try {
    return pipeline.recipe(model);
  } catch {
    // A message without its example request is better than none.
    return null;
  }
}
