import { modelConfig } from '../core/model-config.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { acceptInputs, acknowledge, listMutes, mute, unmute } from './commands/alerts.ts';
import { decide } from './commands/decide.ts';
import { evidence } from './commands/evidence.ts';
import { handOver } from './commands/hand-over.ts';
import { jobLog } from './commands/job-log.ts';
import { liftMark } from './commands/lift-mark.ts';
import { modelCard } from './commands/model-card.ts';
import { modelStanding, modelStatus } from './commands/model-status.ts';
import { predict } from './commands/predict.ts';
import { rateAlert } from './commands/rate-alert.ts';
import { recipeOf } from './commands/recipe.ts';
import { remind } from './commands/remind.ts';
import { replayGate } from './commands/replay-gate.ts';
import { snooze } from './commands/snooze.ts';
import { startRun } from './commands/start-run.ts';
import { stopRun } from './commands/stop-run.ts';
import { switchToOnDemand } from './commands/switch-to-on-demand.ts';
import { createCorrectionStore } from './correction-store.ts';
import type { FlowDeps } from './flow-deps.ts';

/** The {@link Pipeline} over the given adapters. */
export function createPipeline(deps: FlowDeps): Pipeline {
  const corrections = createCorrectionStore(deps.artifacts);
  return {
    startRun: (request) => startRun(deps, request),
    decide: (request) => decide(deps, request),
    stopRun: (request) => stopRun(deps, request),
    switchToOnDemand: (request) => switchToOnDemand(deps, request),
    remind: (request) => remind(deps, request),
    handOver: (request) => handOver(deps, request),
    snooze: (request) => snooze(deps, request),
    getRun: (id) => deps.runs.get(id),
    listRuns: (query) => deps.runs.list(query),
    getVersion: async (model, version) => {
      modelConfig(deps.config, model);
      return deps.registry.get(model, version);
    },
    listVersions: async (model, query) => {
      modelConfig(deps.config, model);
      return deps.registry.list(model, query);
    },
    modelStatus: (model) => modelStatus(deps, model),
    modelStanding: (model) => modelStanding(deps, model),
    fleet: () =>
      Promise.all(Object.keys(deps.config.models).map((name) => modelStatus(deps, name))),
    recipe: (model) => recipeOf(deps, model),
    acknowledge: (request) => acknowledge(deps, request),
    acceptInputs: (request) => acceptInputs(deps, request),
    rateAlert: (request) => rateAlert(deps, request),
    mute: (request) => mute(deps, request),
    unmute: (request) => unmute(deps, request),
    liftMark: (request) => liftMark(deps, request),
    listMutes: () => listMutes(deps),
    getAlert: (id) => deps.alerts.get(id),
    listAlerts: (query) => deps.alerts.list(query),
    audit: deps.audit,
    logs: (request) => jobLog(deps, request),
    predict: (request) => predict(deps, request),
    correct: async (correction) => {
      modelConfig(deps.config, correction.model);
      const { isNew } = await corrections.keep(correction);
      return { isNew, count: await corrections.count(correction.model) };
    },
    corrections: async (model, limit) => {
      modelConfig(deps.config, model);
      const newest = await corrections.list(model, limit);
      const count = newest.length < limit ? newest.length : await corrections.count(model);
      return { count, newest };
    },
    replayGate: (request) => replayGate(deps, request),
    evidence: (request) => evidence(deps, request),
    modelCard: (request) => modelCard(deps, request),
  };
}
