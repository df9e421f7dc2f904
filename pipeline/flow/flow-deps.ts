import type { Config } from '../core/config.ts';
import type {
  AlertStore,
  ArtifactStore,
  AuditLog,
  CallbackStore,
  Clock,
  DatasetPreparer,
  EndpointHost,
  EventBus,
  Executions,
  GateLedgers,
  JobRunner,
  Leases,
  ModelRegistry,
  RunStore,
} from '../core/ports.ts';
import type { Recipe } from '../core/python-contract.ts';

/** Everything the flow needs; pipeline/aws and pipeline/local each provide it. */
export interface FlowDeps {
  readonly config: Config;
  /** Recipe name → its `recipe.json`. */
  readonly recipes: ReadonlyMap<string, Recipe>;
  readonly clock: Clock;
  readonly runs: RunStore;
  readonly callbacks: CallbackStore;
  readonly leases: Leases;
  readonly executions: Executions;
  readonly artifacts: ArtifactStore;
  readonly preparer: DatasetPreparer;
  readonly jobs: JobRunner;
  readonly registry: ModelRegistry;
  readonly ledgers: GateLedgers;
  readonly endpoints: EndpointHost;
  readonly alerts: AlertStore;
  readonly audit: AuditLog;
  readonly bus: EventBus;
  readonly pace: Pace;
}

/**
 * How often a parked run polls, in seconds. Events usually resume it much earlier; these polls
 * only matter when an event was lost.
 */
export interface Pace {
  readonly jobPoll: number;
  readonly endpointPoll: number;
  readonly leasePoll: number;
  /** Between two looks at a freshly deployed endpoint. */
  readonly watchCheck: number;
}
