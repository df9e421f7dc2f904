import { applyEvent } from '../../core/apply-event/apply-event.ts';
import { approvalRule } from '../../core/approval.ts';
import { requireDecidable } from '../../core/deciders.ts';
import { MlopsError } from '../../core/errors.ts';
import type { EventDetails, RunEvent } from '../../core/events.ts';
import { parseHyperparameters } from '../../core/hyperparameters.ts';
import { modelConfig } from '../../core/model-config.ts';
import type { StartedRun, StartRun } from '../../core/pipeline.ts';
import { hasEnded, type Run } from '../../core/run.ts';
import { idOfMinuteBefore, REPEAT_MILLISECONDS } from '../../core/typed-request.ts';
import { executionFor } from '../execution-for.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { currentProduction } from '../production.ts';
import { refuseAutomatic, toError } from '../refuse-automatic.ts';
import { requireVersion } from '../require-version.ts';
import { retiredVersion } from '../retired-version.ts';
import { rollbackTarget } from '../rollback-target.ts';
import { runId } from '../run-id.ts';
import { newestDataset } from './newest-dataset.ts';
import { openRequest } from './open-request.ts';
import { recipeOf } from './recipe.ts';

/**
 * Creates the run record and starts its durable execution. Both are idempotent, so a repeated
 * delivery finds the run that already exists.
 */
export async function startRun(deps: FlowDeps, request: StartRun): Promise<StartedRun> {
  const config = request.kind === 'retire' ? null : modelConfig(deps.config, request.model);
  const id = runId(request.model, request.requestId);
  const existing = (await deps.runs.get(id)) ?? (await repeated(deps, request));
  if (existing !== null) {
    // Whoever created it may have failed before its execution began, and now asks again.
    if (!hasEnded(existing)) {
      await deps.executions.start(executionFor(existing.id, existing.continuation));
    }
    return { run: existing, isNew: false };
  }
  const open = request.kind === 'promote' ? await openRequest(deps, request) : null;
  if (open !== null) return { run: open, isNew: false };
  const event: RunEvent = {
    type: 'RunStarted',
    runId: id,
    at: deps.clock.now().toISOString(),
    model: request.model,
    requestedBy: request.requestedBy,
    reason: request.reason,
    recipe: config?.recipe ?? NO_RECIPE,
    ...(await specifics(deps, request)),
  };
  const run = applyEvent(null, event);
  if (run === null) throw new MlopsError('UNEXPECTED', 'The run could not be started.');
  const isNew = await deps.runs.create(run);
  await deps.executions.start(executionFor(id));
  await deps.bus.publish(event);
  return { run: (await deps.runs.get(id)) ?? run, isNew };
}

/** Of a retirement, which trains nothing. */
const NO_RECIPE = 'none';

/** The run of the same words, typed less than a minute ago, as long as it goes on. */
async function repeated(deps: FlowDeps, { model, requestId }: StartRun): Promise<Run | null> {
  const before = idOfMinuteBefore(requestId);
  const run = before === null ? null : await deps.runs.get(runId(model, before));
  if (run === null || hasEnded(run)) return null;
  const age = deps.clock.now().getTime() - Date.parse(run.createdAt);
  return age < REPEAT_MILLISECONDS ? run : null;
}

type Specifics = Pick<
  EventDetails['RunStarted'],
  | 'kind'
  | 'hyperparameters'
  | 'inherits'
  | 'dataset'
  | 'appends'
  | 'version'
  | 'spot'
  | 'against'
  | 'commit'
  | 'acceptsData'
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
      const inherits = request.inherits === false ? { inherits: false as const } : {};
      const accepted = request.acceptsData === true ? { acceptsData: true as const } : {};
      const appends = request.appends === true ? { appends: true as const } : {};
      const given = { ...commit, ...inherits, ...accepted, ...appends };
      return { kind, hyperparameters, dataset, version: null, spot, ...given };
    }
    case 'promote': {
      const registered = await requireVersion(deps, model, request.version);
      const refusal = await refuseAutomatic(deps, modelConfig(deps.config, model), registered);
      if (refusal !== null) throw toError(refusal);
      const rule = approvalRule(modelConfig(deps.config, model).approval, registered.verdict);
      if (rule.kind === 'people') requireDecidable(model, rule, request.requestedBy);
      const against = await refuseLive(deps, model, request.version);
      return { kind, hyperparameters: {}, dataset: null, version: request.version, against };
    }
    case 'rollback': {
      const version = await rollbackTarget(deps, model, request.version);
      return { kind, hyperparameters: {}, dataset: null, version };
    }
    case 'retire': {
      const version = await retiredVersion(deps, model, request.configName);
      return { kind, hyperparameters: {}, dataset: null, version };
    }
  }
}

/** The version in production now; null when there is none. */
async function refuseLive(deps: FlowDeps, model: string, version: number): Promise<number | null> {
  const production = await currentProduction(deps, model);
  if (production?.version !== version) return production?.version ?? null;
  throw new MlopsError('CONFLICT', `${model} v${version} is already live.`);
}
