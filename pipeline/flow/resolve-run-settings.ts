import { modelConfig, modelHyperparameters } from '../core/model-config.ts';
import type { Run } from '../core/run.ts';
import { resolveSettings } from '../core/run-settings.ts';
import type { RunSettings } from '../core/settings-record.ts';
import { recipeOf } from './commands/recipe.ts';
import type { FlowDeps } from './flow-deps.ts';
import { currentProduction } from './production.ts';

/** What a retrain takes from the version in production, and where it differs from it. */
export async function resolveRunSettings(
  deps: Pick<FlowDeps, 'config' | 'recipes' | 'endpoints' | 'registry' | 'runs'>,
  run: Run,
): Promise<RunSettings> {
  const production = await currentProduction(deps, run.model);
  const maker = production && (await deps.runs.get(production.registered.runId));
  return resolveSettings({
    recipe: recipeOf(deps, run.model),
    configured: modelHyperparameters(modelConfig(deps.config, run.model)),
    run,
    production: maker && { version: production.version, maker },
  });
}
