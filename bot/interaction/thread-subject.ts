import type { AlertId } from '../../pipeline/core/alert/alert.ts';
import type { RunId } from '../../pipeline/core/run.ts';

/** What the thread in which a command was typed is about. */
export interface ThreadSubject {
  readonly model: string;
  /** Null in the thread of an alert. */
  readonly runId: RunId | null;
  /** The version of the run; null before there is one, and for an alert. */
  readonly version: number | null;
  /** Left out in the thread of a run. */
  readonly alertId?: AlertId;
}
