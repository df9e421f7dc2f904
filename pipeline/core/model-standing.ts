import type { Alert } from './alert/alert.ts';
import type { ModelConfig } from './config.ts';
import type { EndpointDescription, RegisteredVersion } from './ports.ts';
import type { VersionMark } from './rollback/version-mark.ts';
import type { Instant, Retirement, Run, RunId } from './run.ts';

/** What is recorded of a model, whether the configuration still has it or not. */
export interface ModelStanding {
  readonly name: string;
  readonly production: {
    readonly version: RegisteredVersion;
    readonly since: Instant;
    /** Run that put it live. */
    readonly runId: RunId;
  } | null;
  readonly endpoint: EndpointDescription | null;
  /** Who retired it, while nothing serves since; else null. */
  readonly retired: Retirement | null;
  /** Version a rollback would bring back; null when there is none. */
  readonly rollbackTo: number | null;
  /** What the rollback that put the production version live took out; null after an approval. */
  readonly rolledBack: VersionMark | null;
  /** Production is from before inputs were counted, so they are not watched; left out otherwise. */
  readonly countsNoInputs?: true;
  readonly activeRuns: readonly Run[];
  /** The newest runs, newest first, at most five; running ones are among them. */
  readonly recentRuns: readonly Run[];
  /** Its open alerts, newest first. */
  readonly alerts: readonly Alert[];
}

/** One model at a glance. */
export interface ModelStatus extends ModelStanding {
  readonly config: ModelConfig;
}
