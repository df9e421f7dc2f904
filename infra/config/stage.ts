import type { RecipeImages } from './images.ts';

/** The settings that differ between deployments. One stage per account and Region. */
export interface Stage {
  readonly name: string;
  /** Must offer Lambda durable functions and SageMaker Serverless Inference. */
  readonly region: string;
  /** Receives alarms by mail, after confirming once; null: alarms show in CloudWatch only. */
  readonly alarmEmail: string | null;
  readonly logRetentionDays: number;
  /**
   * Model → EventBridge Scheduler expression for its regular retraining, e.g. `rate(7 days)`. If
   * one cannot start, the channel says why.
   */
  readonly retrain: Readonly<Record<string, string>>;
  /**
   * Longest duration of an execution in days (1–366), time spent waiting for people included. A run
   * that goes on in a new execution has it again.
   */
  readonly longestRunDays: number;
  /** Limits of the API that Slack calls; above them it answers 429 and invokes nothing. */
  readonly slackApi: { readonly ratePerSecond: number; readonly burst: number };
  /** Minutes between two checks of the metrics of the endpoints. */
  readonly watchMinutes: number;
  /** Repository whose workflows may deploy and start runs, `owner/name`; null: none. */
  readonly github: {
    readonly repository: string;
    readonly environment: string;
    /** Of owner and repository, from `gh api repos/<owner>/<name>`; limits the roles to exactly these. */
    readonly ids?: { readonly owner: number; readonly repository: number };
    /** The account has GitHub's OIDC provider already, e.g. from another stage; it can have one. */
    readonly hasProvider?: boolean;
  } | null;
  /** Recipe → images for training and serving; `images.ts` has the defaults. */
  readonly images: RecipeImages;
  /** Whether the data stack is protected against deletion. */
  readonly protectData: boolean;
}
