/**
 * List prices in USD without tax, as of {@link PRICES_OF} in {@link PRICE_REGION}: the AWS Price List
 * and the pricing pages. Spot prices of SageMaker are not published.
 */
export const PRICES_OF = '2026-09-03';
export const PRICE_REGION = 'us-east-1';

export const MINUTES_A_MONTH = 30 * 24 * 60;

export const prices = {
  /** An hour of a training job on demand. */
  instanceHour: {
    'ml.g4dn.xlarge': 0.736,
    'ml.m5.large': 0.115,
    'ml.m5.xlarge': 0.23,
  } as Readonly<Record<string, number>>,
  /** Of the price on demand; SageMaker's Spot is 60 to 70 % cheaper. */
  spotShare: 0.35,
  /** A GB of a job's volume for a month. */
  jobVolumeGBMonth: 0.14,
  /** A second of a Serverless endpoint for each GB of its memory. */
  servingGBSecond: 0.00002,
  lambdaGBSecond: 0.0000133334,
  lambdaRequest: 0.2 / 1e6,
  durableOperation: 8 / 1e6,
  storageGBMonth: 0.023,
  storagePut: 0.005 / 1_000,
  storageGet: 0.0004 / 1_000,
  tableWrite: 0.625 / 1e6,
  tableRead: 0.125 / 1e6,
  /** Storage and point-in-time recovery. */
  tableGBMonth: 0.25 + 0.2,
  customEvent: 1 / 1e6,
  apiRequest: 1 / 1e6,
  queueRequest: 0.4 / 1e6,
  schedule: 1 / 1e6,
  logGB: 0.5,
  logGBMonth: 0.03,
  alarmMetric: 0.1,
  dashboard: 3,
  /** A custom metric for each hour in which it has data. */
  metricHour: 0.3 / 730,
  metricRequest: 0.01 / 1_000,
} as const;

/** What is free every month, in every account, for ever. Other free tiers are not counted. */
export const free = {
  alarmMetrics: 10,
  dashboards: 3,
  queueRequests: 1e6,
  /** Of GetMetricStatistics; GetMetricData has none. */
  metricRequests: 1e6,
  schedules: 14e6,
} as const;
