import type { Actor } from './actor.ts';
import type { Errors } from './alert/error-rates.ts';
import type { Instant } from './instant.ts';
import type { RunId } from './run-id.ts';

export interface Deployment {
  /** Version in production before; null when there was none. */
  readonly from: number | null;
  readonly fromConfigName: string | null;
  /** What the version before had answered when this one replaced it; left out where that is not known. */
  readonly before?: Errors;
  readonly to: number;
  readonly endpointName: string;
  readonly configName: string;
  readonly startedAt: Instant;
  readonly verifiedAt: Instant | null;
  /** How many recorded rows the live endpoint repeated. */
  readonly verifiedRows: number | null;
  readonly url: string | null;
  /** A request the endpoint can answer, for people to try it with. */
  readonly example: { readonly contentType: string; readonly body: string } | null;
  readonly watchUntil: Instant | null;
  /** Set when the previous configuration was put back. */
  readonly revertedAt: Instant | null;
  readonly revertReason: string | null;
  /** Left out: what was live before came back without help, or nothing had to. */
  readonly putBackDelayed?: { readonly at: Instant; readonly reason: string };
  /** Whose version answers in its place since then; null, or left out, while this one does. */
  readonly replaced?: {
    readonly by: RunId;
    readonly version: number;
    readonly at: Instant;
    /** Who rolled it back and why; left out when a newer version was approved in its place. */
    readonly rollback?: { readonly by: Actor; readonly reason: string | null };
  } | null;
  /** Versions that took its place, did not work and were put back, oldest first; left out: none. */
  readonly refuted?: readonly { readonly by: RunId; readonly version: number }[];
  /** The endpoint was removed while this version was live; left out: it was not. */
  readonly retired?: Retirement;
  /** Who took off the mark that this deployment left on a version; left out while it stands. */
  readonly lifted?: Lift;
}

/** Who took a model out of production, and why; its versions stay. */
export interface Retirement {
  /** The run that removed the endpoint. */
  readonly runId: RunId;
  readonly by: Actor;
  readonly at: Instant;
  readonly reason: string;
}

/** A person's word that a version is not at fault. */
export interface Lift {
  readonly by: Actor;
  readonly at: Instant;
  readonly reason: string;
}
