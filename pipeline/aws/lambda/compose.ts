import config from '../../../mlops.config.ts';
import type { Pipeline } from '../../core/pipeline.ts';
import { createPipeline } from '../../flow/create-pipeline.ts';
import type { FlowDeps } from '../../flow/flow-deps.ts';
import { type AwsClientOptions, type AwsClients, createAwsClients } from '../clients.ts';
import { type AwsExtras, createAwsDeps } from '../create-aws-deps.ts';
import { type AwsSettings, parseAwsSettings } from '../settings.ts';
import { readBundledRecipes } from './bundled-recipes.ts';
import type { Environment } from './environment.ts';
import { measuredBus } from './measured-bus.ts';
import { createTelemetry, type Telemetry } from './telemetry.ts';

export interface Composition {
  readonly settings: AwsSettings;
  readonly clients: AwsClients;
  readonly deps: FlowDeps;
  readonly pipeline: Pipeline;
  readonly telemetry: Telemetry;
}

/**
 * What every function shares: the adapters by its environment, the pipeline over them, logs and
 * metrics under the function's name. Opens no connection. `folder` is where the bundle lies.
 */
export function compose(
  service: string,
  environment: Environment,
  folder: string,
  options: Pick<AwsClientOptions, 'beforeCall'> = {},
): Composition {
  const settings = parseAwsSettings(environment);
  const clients = createAwsClients({ region: settings.region, ...options });
  return composeOver(service, settings, clients, { config, recipes: readBundledRecipes(folder) });
}

/** The same with everything given, so that a function can run over stand-ins of the services. */
export function composeOver(
  service: string,
  settings: AwsSettings,
  clients: AwsClients,
  extras: AwsExtras,
): Composition {
  const telemetry = createTelemetry(service);
  const adapters = createAwsDeps(settings, clients, extras);
  const deps = {
    ...adapters,
    bus: measuredBus(adapters.bus, telemetry.metrics),
    logError: telemetry.logError,
  };
  const pipeline = createPipeline(deps);
  return { settings, clients, deps, pipeline, telemetry };
}
