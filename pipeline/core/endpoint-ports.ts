import type { InputCounts } from './alert/input-counts.ts';
import type { Instant } from './run.ts';

export interface EndpointConfig {
  readonly endpointName: string;
  /** Immutable; names version and run, see `names.ts`. */
  readonly configName: string;
  readonly model: string;
  readonly version: number;
  readonly artifactKey: string;
  readonly recipe: string;
  readonly memoryMB: number;
  readonly maxConcurrency: number;
}

export interface EndpointDescription {
  readonly endpointName: string;
  readonly status: 'Creating' | 'Updating' | 'InService' | 'Failed';
  /** The configuration that answers requests now; null before the first came into service. */
  readonly configName: string | null;
  readonly failureReason: string | null;
  readonly url: string;
  /** Seconds the last change took to load its model; null while it loads. */
  readonly startSeconds: number | null;
  /** Counted since the live configuration came into service. */
  readonly invocations: number;
  readonly serverErrors: number;
  /**
   * 95th percentile of the newest answer times since then, in milliseconds; null without any. On
   * SageMaker the `ModelLatency` of the container, without the time of a cold start.
   */
  readonly p95Milliseconds: number | null;
}

/** Real-time inference (SageMaker Serverless endpoint | local HTTP server). */
export interface EndpointHost {
  /**
   * Creates or updates the endpoint to the configuration; again with the same one changes
   * nothing. The old configuration answers until the new one is in service, and keeps answering
   * when the new one fails. Returns before the change is complete.
   */
  deploy(config: EndpointConfig): Promise<void>;
  describe(endpointName: string): Promise<EndpointDescription | null>;
  /** @throws {MlopsError} `VERIFICATION_FAILED` with the endpoint's own error text. */
  invoke(endpointName: string, body: string, contentType: string): Promise<string>;
  /**
   * What a configuration was asked after `since` (null: as far back as is kept), as its containers
   * report it, a minute late at most; no inputs for a model that counts none.
   */
  inputCounts(query: {
    readonly endpointName: string;
    readonly configName: string;
    readonly since: Instant | null;
  }): Promise<InputCounts>;
  /**
   * Takes the endpoint away, so that nothing answers; without one changes nothing. Returns before the
   * change is complete; then `describe` answers null.
   * @throws {MlopsError} `CONFLICT` (retryable) while it is being changed.
   */
  remove(endpointName: string): Promise<void>;
  /** Forgets configurations of the endpoint beyond the newest `keep` and the live one. */
  prune(endpointName: string, keep: number): Promise<void>;
}
