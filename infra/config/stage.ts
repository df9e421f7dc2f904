import type { RecipeImages } from './images.ts';

/** What differs between the places this is deployed to. One stage per account and Region. */
export interface Stage {
  readonly name: string;
  /** Must offer Lambda durable functions and SageMaker Serverless Inference. */
  readonly region: string;
  /** Where alarms are mailed; null: they are only seen in CloudWatch. The address confirms once. */
  readonly alarmEmail: string | null;
  readonly logRetentionDays: number;
  /**
   * Model → EventBridge Scheduler expression of its regular retraining, e.g. `rate(7 days)`. What keeps
   * one from starting is told in the channel.
   */
  readonly retrain: Readonly<Record<string, string>>;
  /** How long one run may take altogether, waiting for people included, in days (1–366). */
  readonly longestRunDays: number;
  /** Limits of the API that Slack calls; above them it answers 429 and invokes nothing. */
  readonly slackApi: { readonly ratePerSecond: number; readonly burst: number };
  /** Minutes between two looks at how the endpoints answer. */
  readonly watchMinutes: number;
  /** Repository whose workflows may deploy and start runs, `owner/name`; null for none. */
  readonly github: { readonly repository: string; readonly environment: string } | null;
  /** Recipe → images of training and of serving: `images.ts` has the defaults. */
  readonly images: RecipeImages;
  /** Whether the stack that holds the data refuses to be deleted. */
  readonly protectData: boolean;
}
