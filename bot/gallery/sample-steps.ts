import type { RunEvent, UntimedEvent } from '../../pipeline/core/events.ts';
import type { StageName } from '../../pipeline/core/run.ts';
import type { SampleStep } from './sample-timeline.ts';

type Details<T extends RunEvent['type']> = Omit<
  Extract<UntimedEvent, { type: T }>,
  'type' | 'runId'
>;

/** What the events of a sample run are made with. */
export interface Steps {
  /** The event so many seconds after the one before. */
  after<T extends RunEvent['type']>(seconds: number, type: T, details: Details<T>): SampleStep;
  stage(name: StageName): SampleStep;
}

export function stepsOf(runId: string): Steps {
  const after: Steps['after'] = (seconds, type, details) => [
    seconds,
    { type, runId, ...details } as UntimedEvent,
  ];
  return { after, stage: (name) => after(1, 'StageStarted', { stage: name }) };
}
