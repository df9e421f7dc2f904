import type { DomainEvent } from '../../pipeline/core/events.ts';

/** The parts of a run in their order, each with the event that ends it. */
const PARTS = [
  ['preparing the data', 'DatasetPrepared'],
  ['the training job', 'TrainingCompleted'],
  ['the evaluation job', 'EvaluationCompleted'],
  ['the gate', 'GateDecided'],
  ['registering and approving', 'DeploymentStarted'],
  ['deploying and verifying', 'VersionDeployed'],
  ['after the bake window', 'WatchCompleted'],
  ['ending the run', 'RunEnded'],
] as const;

/**
 * The seconds of each part of a deployed run in which neither Python worked nor the bake window
 * passed. Python counts as it measures itself while it prepares data, from the start of the process to
 * its end in a job, and from unpacking the archive to the first answered ping at an endpoint. The
 * requests that verify an endpoint are ours, also while the model computes, and so is the wait for the
 * one slot of jobs, because no other job has it.
 */
export function ownSeconds(
  events: readonly DomainEvent[],
  { bakeSeconds }: { readonly bakeSeconds: number },
): ReadonlyMap<string, number> {
  const own = new Map<string, number>();
  let since = secondsOf(events, 'RunStarted');
  for (const [part, type] of PARTS) {
    const at = secondsOf(events, type);
    own.set(part, at - since - othersSeconds(eventOf(events, type), bakeSeconds));
    since = at;
  }
  return own;
}

/** What of the time before the event was not ours. */
function othersSeconds(event: DomainEvent, bakeSeconds: number): number {
  switch (event.type) {
    case 'DatasetPrepared':
      return event.report.seconds;
    case 'TrainingCompleted':
    case 'EvaluationCompleted':
      return event.runningSeconds;
    case 'VersionDeployed':
      return event.startSeconds;
    case 'WatchCompleted':
      return bakeSeconds;
    default:
      return 0;
  }
}

function secondsOf(events: readonly DomainEvent[], type: DomainEvent['type']): number {
  return Date.parse(eventOf(events, type).at) / 1000;
}

function eventOf(events: readonly DomainEvent[], type: DomainEvent['type']): DomainEvent {
  const found = events.find((event) => event.type === type);
  if (found === undefined) throw new Error(`There was no ${type}: the run was not deployed.`);
  return found;
}
