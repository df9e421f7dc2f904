import { applyEvent } from '../core/apply-event/apply-event.ts';
import { MlopsError } from '../core/errors.ts';
import type { RunEvent, UntimedEvent } from '../core/events.ts';
import { maskSecrets } from '../core/mask-secrets.ts';
import type { Run } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';

const maxAttempts = 20;

/**
 * Applies an event to the run record by a conditional write, then publishes it. Returns the
 * record as it is afterwards; an event that changes nothing is not published again.
 *
 * @throws {MlopsError} `RUN_UNKNOWN`; `CONFLICT` (retryable) when other writers kept winning.
 */
export async function record(
  deps: Pick<FlowDeps, 'runs' | 'bus' | 'clock'>,
  untimed: UntimedEvent,
): Promise<Run> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const event: RunEvent = { ...withoutSecrets(untimed), at: deps.clock.now().toISOString() };
    const run = await deps.runs.get(event.runId);
    const next = applyEvent(run, event);
    if (run === null || next === null) {
      throw new MlopsError('RUN_UNKNOWN', `There is no run “${event.runId}”.`);
    }
    if (next === run) return run;
    if (await deps.runs.replace(next)) {
      await deps.bus.publish(event);
      return next;
    }
  }
  throw new MlopsError('CONFLICT', 'Too many changes to this run at once.', { retryable: true });
}

/** What scripts and models say of a failure is shown in Slack, whatever they put into it. */
function withoutSecrets(event: UntimedEvent): UntimedEvent {
  switch (event.type) {
    case 'RunEnded': {
      const { failure } = event;
      if (failure === null) return event;
      return { ...event, failure: { ...failure, message: maskSecrets(failure.message) } };
    }
    case 'DeploymentReverted':
    case 'PutBackDelayed':
      return { ...event, reason: maskSecrets(event.reason) };
    default:
      return event;
  }
}
