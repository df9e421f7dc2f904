import type { JobDescription } from '../../core/ports.ts';

/** How a job ended: small enough to be remembered by the durable engine. */
export type EndedJob = Pick<
  JobDescription,
  | 'status'
  | 'secondaryStatus'
  | 'failureReason'
  | 'runningSeconds'
  | 'waitingSeconds'
  | 'modelArtifact'
> & {
  readonly stopRequested: boolean;
  /** It was stopped because a person asked for an on-demand machine. */
  readonly switchRequested?: boolean;
};
