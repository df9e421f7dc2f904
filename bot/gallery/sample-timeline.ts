import { applyEvent } from '../../pipeline/core/apply-event/apply-event.ts';
import type { RunEvent, UntimedEvent } from '../../pipeline/core/events.ts';
import type { Run } from '../../pipeline/core/run.ts';

/** Sample runs are folded from events, in the same way as real records. */
export type SampleStep = readonly [afterSeconds: number, event: UntimedEvent];

export const sampleStart = '2026-11-20T09:30:00.000Z';

/** The events in order, with `at` counted from `start`. */
export function timeline(steps: readonly SampleStep[], start = sampleStart): readonly RunEvent[] {
  let now = Date.parse(start);
  return steps.map(([after, event]) => {
    now += after * 1000;
    return timed(event, new Date(now).toISOString());
  });
}

function timed(event: UntimedEvent, at: string): RunEvent {
  return event.type === 'DecisionRecorded'
    ? { ...event, at, decision: { ...event.decision, at } }
    : ({ ...event, at } as RunEvent);
}

/** The run record after all events. */
export function fold(events: readonly RunEvent[]): Run {
  const run = events.reduce<Run | null>((before, event) => applyEvent(before, event), null);
  if (run === null) throw new Error('The first event of a run must be RunStarted.');
  return run;
}
