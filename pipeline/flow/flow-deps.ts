import type { Config } from '../core/config.ts';
import type {
  AlertStore,
  ArtifactStore,
  AuditLog,
  CallbackStore,
  Clock,
  DatasetPreparer,
  EndpointHost,
  ErrorLog,
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
  readonly logError: ErrorLog;
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
  /** Operations after which a waiting run goes on in a new execution; usually {@link MOST_OPERATIONS}. */
  readonly mostOperations?: number;
  /** Age of an execution after which a waiting run goes on in a new one; left out: any age. */
  readonly mostSeconds?: number;
}

/**
 * A durable execution may have 3,000 operations. What is left is for the stages that cannot stop in
 * the middle, and for retries, each of which counts.
 */
export const MOST_OPERATIONS = 1_500;
