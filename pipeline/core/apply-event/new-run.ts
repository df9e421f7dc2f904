import type { RunEvent } from '../events.ts';
import { type Run, stagesOf } from '../run.ts';

/** The record of a run at its first moment. */
export function newRun(event: Extract<RunEvent, { type: 'RunStarted' }>): Run {
  return {
    id: event.runId,
    revision: 1,
    kind: event.kind,
    model: event.model,
    requestedBy: event.requestedBy,
    reason: event.reason,
    ...(event.commit === undefined ? {} : { commit: event.commit }),
    createdAt: event.at,
    updatedAt: event.at,
    endedAt: null,
    outcome: null,
    failure: null,
    stopRequestedBy: null,
    stages: stagesOf[event.kind].map((name) => ({
      name,
      status: 'pending',
      startedAt: null,
      endedAt: null,
    })),
    recipe: event.recipe,
    hyperparameters: event.hyperparameters,
    ...(event.inherits === false ? { inherits: false } : {}),
    dataset: event.dataset,
    ...(event.appends === true ? { appends: true } : {}),
    spot: event.spot ?? null,
    ...(event.acceptsData === true ? { acceptsData: true } : {}),
    prepared: null,
    training: null,
    artifact: null,
    evaluation: null,
    evaluatedAgainst: event.against ?? null,
    verdict: null,
    version: event.version,
    approval: null,
    deployment: null,
    waitingFor: null,
    time: { python: 0, waiting: 0 },
  };
}
