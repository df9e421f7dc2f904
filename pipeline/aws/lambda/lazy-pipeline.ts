import config from '../../../mlops.config.ts';
import type { Pipeline } from '../../core/pipeline.ts';
import { recipeOf } from '../../flow/commands/recipe.ts';
import { createAuditAppend } from './append-audit.ts';
import { readBundledRecipes } from './bundled-recipes.ts';
import { type Environment, required } from './environment.ts';
import { createJsonRequest } from './json-request.ts';
import { lazy } from './lazy.ts';

const AUDIT_MILLISECONDS = 2_000;

/**
 * The pipeline of a function that people wait for. What every command needs is there at once: the
 * configuration, the recipes, appending to the audit log. The first call of anything else loads the
 * rest, with the SDK's clients.
 */
export function createLazyPipeline(options: {
  readonly environment: Environment;
  /** Where the bundle lies. */
  readonly folder: string;
  readonly load: () => Promise<Pipeline>;
  /** Throws where no call may be made any more. */
  readonly beforeCall: () => void;
}): Pipeline {
  const { environment, folder, load, beforeCall } = options;
  const append = createAuditAppend({
    dynamo: createJsonRequest({
      service: 'dynamodb',
      environment,
      timeoutMilliseconds: AUDIT_MILLISECONDS,
      beforeCall,
    }),
    tableName: required(environment, 'MLOPS_TABLE'),
  });
  return lazy<Omit<Pipeline, 'recipe' | 'audit'>, Pick<Pipeline, 'recipe' | 'audit'>>(load, {
    recipe: (model) => recipeOf({ config, recipes: readBundledRecipes(folder) }, model),
    audit: lazy(async () => (await load()).audit, { append }),
  });
}
