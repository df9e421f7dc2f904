import { applyEvent } from '../../core/apply-event/apply-event.ts';
import { eachRun } from '../../core/each-run.ts';
import { MlopsError } from '../../core/errors.ts';
import type { EventDetails, RunEvent } from '../../core/events.ts';
import { parseHyperparameters } from '../../core/hyperparameters.ts';
import { modelConfig } from '../../core/model-config.ts';
import type { StartedRun, StartRun } from '../../core/pipeline.ts';
import { type Dataset, hasEnded } from '../../core/run.ts';
import { executionFor } from '../execution-for.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { currentProduction, liveDeployment } from '../production.ts';
import { requireKnownGood, requireVersion } from '../require-known-good.ts';
import { runId } from '../run-id.ts';
import { recipeOf } from './recipe.ts';

/**
 * Creates the run record and starts its durable execution. Both are idempotent, so a repeated
 * delivery finds the run that already exists.
 */
export async function startRun(deps: FlowDeps, request: StartRun): Promise<StartedRun> {
  const config = modelConfig(deps.config, request.model);
  const id = runId(request.model, request.requestId);
  const existing = await deps.runs.get(id);
  if (existing !== null) {
    // Whoever created it may have failed before its execution began, and now asks again.
    if (!hasEnded(existing)) await deps.executions.start(executionFor(id, existing.continuation));
    return { run: existing, isNew: false };
  }
  const event: RunEvent = {
    type: 'RunStarted',
    runId: id,
    at: deps.clock.now().toISOString(),
    model: request.model,
    requestedBy: request.requestedBy,
    reason: request.reason,
    recipe: config.recipe,
    ...(await specifics(deps, request)),
  };
  const run = applyEvent(null, event);
  if (run === null) throw new MlopsError('UNEXPECTED', 'The run could not be started.');
  const isNew = await deps.runs.create(run);
  await deps.executions.start(executionFor(id));
  await deps.bus.publish(event);
  return { run: (await deps.runs.get(id)) ?? run, isNew };
}

type Specifics = Pick<
  EventDetails['RunStarted'],
  'kind' | 'hyperparameters' | 'dataset' | 'version' | 'spot' | 'against' | 'commit' | 'acceptsData'
>;

async function specifics(deps: FlowDeps, request: StartRun): Promise<Specifics> {
  const { kind, model } = request;
  switch (kind) {
    case 'retrain': {
      const recipe = recipeOf(deps, model);
      const hyperparameters = parseHyperparameters(recipe, request.hyperparameters);
      const dataset = request.dataset ?? (await newestDataset(deps, model));
      const commit = request.commit === undefined ? {} : { commit: request.commit };
      const spot = request.spot ?? null;
      const accepted = request.acceptsData === true ? { acceptsData: true as const } : {};
      return { kind, hyperparameters, dataset, version: null, spot, ...commit, ...accepted };
    }
    case 'promote': {
      await requireVersion(deps, model, request.version);
      const against = await refuseLive(deps, model, request.version);
      return { kind, hyperparameters: {}, dataset: null, version: request.version, against };
    }
    case 'rollback': {
      const version = request.version ?? (await previousVersion(deps, model));
      await requireKnownGood(deps, model, version);
      await refuseLive(deps, model, version);
      return { kind, hyperparameters: {}, dataset: null, version };
    }
  }
}

/** Among so many runs there is usually one with a dataset. */
const PAGE = 10;

async function newestDataset(deps: FlowDeps, model: string): Promise<Dataset> {
  for await (const run of eachRun(deps.runs.list, { model }, PAGE)) {
    const { prepared, dataset, dataChanges } = run;
    if (prepared?.status !== 'ok' || dataset === null) continue;
    // Not without a person, who can name it.
    if (dataChanges?.action !== 'stop') return dataset;
  }
  throw new MlopsError('DATASET_UNKNOWN', `There is no valid dataset for ${model} yet.`, {
    hint: 'Drop a CSV or JSON Lines file into its inbox first.',
  });
}

/** The version in production now; null when there is none. */
async function refuseLive(deps: FlowDeps, model: string, version: number): Promise<number | null> {
  const production = await currentProduction(deps, model);
  if (production?.version !== version) return production?.version ?? null;
  throw new MlopsError('CONFLICT', `${model} v${version} is already live.`);
}

async function previousVersion(deps: FlowDeps, model: string): Promise<number> {
  const production = await currentProduction(deps, model);
  const version = production && (await liveDeployment(deps, model, production)).rollbackTo;
  if (version !== null) return version;
  throw new MlopsError('NOTHING_TO_ROLL_BACK', `${model} has no earlier version to go back to.`, {
    hint: `/mlops versions ${model} lists the registered versions; /mlops promote requests approval for one.`,
  });
}
