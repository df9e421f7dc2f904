import type { JobUsage, Run } from './run.ts';

/**
 * What AWS charges, in US dollars in us-east-1 and without free tier, tax or discounts. Training and
 * evaluation: SageMaker training instances by the hour; serving: Serverless Inference by the
 * GB-second. Price lists go out of date: show `asOf` with every figure.
 * Source: https://aws.amazon.com/sagemaker/ai/pricing/
 */
export const prices = {
  asOf: '2026-11-22',
  region: 'us-east-1',
  /** Per hour, on demand. */
  instanceHour: {
    'ml.g4dn.xlarge': 0.7364,
    'ml.m5.xlarge': 0.23,
    'ml.m5.large': 0.115,
  } as Readonly<Record<string, number>>,
  /** Spot changes by the hour and place; 60–70 % off is usual, the middle of it is assumed. */
  usualSpotShare: 0.35,
  /** Serverless Inference, per second and GB of memory. */
  serverlessGigabyteSecond: 0.00002,
} as const;

/** Dollars of the jobs of a run, or of several. */
export interface Cost {
  /** What AWS bills; 0 where nothing is billed. */
  readonly billed: number;
  /** What unbilled jobs would have cost on AWS, for the same seconds. */
  readonly notBilled: number;
  readonly training: number;
  readonly evaluation: number;
  /** How much more the same seconds would have cost on demand. */
  readonly spotSaving: number;
  /** Instance types without a price in the table; their seconds are not in the figures. */
  readonly unpriced: readonly string[];
}

/** Null before any job has ended. */
export function costOf(runs: readonly Pick<Run, 'usage'>[]): Cost | null {
  const used = runs.flatMap(({ usage }) => usage ?? []);
  if (used.length === 0) return null;
  const total = (jobs: readonly JobUsage[]) => sum(jobs.map((job) => jobCost(job) ?? 0));
  const unpriced = used.filter((job) => jobCost(job) === null);
  return {
    billed: total(used.filter(({ billable }) => billable !== null)),
    notBilled: total(used.filter(({ billable }) => billable === null)),
    training: total(used.filter(({ kind }) => kind === 'train')),
    evaluation: total(used.filter(({ kind }) => kind === 'evaluate')),
    spotSaving: sum(used.map(spotSaving)),
    unpriced: [...new Set(unpriced.map(({ instanceType }) => instanceType))],
  };
}

/** Dollars of answering requests: each takes `milliseconds` of a function with `memoryMB`. */
export function servingCost(served: {
  readonly invocations: number;
  readonly milliseconds: number;
  readonly memoryMB: number;
}): number {
  const gigabyteSeconds =
    served.invocations * (served.milliseconds / 1000) * (served.memoryMB / 1024);
  return gigabyteSeconds * prices.serverlessGigabyteSecond;
}

/** `BillableTimeInSeconds` holds the Spot discount already, so the on-demand price is the right one. */
function jobCost({ instanceType, running, billable, spot }: JobUsage): number | null {
  const price = hourly(instanceType);
  if (price === null) return null;
  const seconds = billable ?? running * (spot ? prices.usualSpotShare : 1);
  return (seconds * price) / 3600;
}

function spotSaving(job: JobUsage): number {
  const cost = jobCost(job);
  if (!job.spot || cost === null) return 0;
  return Math.max(0, (job.running * (hourly(job.instanceType) ?? 0)) / 3600 - cost);
}

function hourly(instanceType: string): number | null {
  return Object.hasOwn(prices.instanceHour, instanceType)
    ? (prices.instanceHour[instanceType] ?? null)
    : null;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
