/** What a team does in a month, for each of its models. */
export interface Profile {
  readonly runs: number;
  readonly predictions: number;
}

/** With the two models of mlops.config.ts: 20 runs and 100,000 predictions. */
export const standardProfile: Profile = { runs: 10, predictions: 50_000 };
/** Nothing happens; the endpoints exist. */
export const idleProfile: Profile = { runs: 0, predictions: 0 };

/** Assumptions about the work, the same in every month. */
export const work = {
  /** Minutes of a training job by its machine; other machines as the last. */
  trainingMinutes: { 'ml.g4dn.xlarge': 15, 'ml.m5.large': 6 } as Readonly<Record<string, number>>,
  otherTrainingMinutes: 15,
  evaluationMinutes: 6,
  evaluationInstance: 'ml.m5.large',
  jobVolumeGB: 30,
  predictionSeconds: 0.08,
  coldStartShare: 0.003,
  coldStartSeconds: 8,
  durableOperations: 150,
  /** GB for each run, after checkpoints have expired. */
  storedGB: 0.5,
  /** A year of files that stay: runs and datasets of 30 MB as in the demo, code and logs of access. */
  storedAlwaysGB: 10,
  objectWrites: 200,
  objectReads: 500,
  tableWrites: 400,
  tableReads: 2_000,
  tableGB: 0.05,
  domainEvents: 60,
  slackRequests: 40,
  queueMessages: 300,
  /** MB of logs of the functions, the jobs and the endpoint for each run, and per 1,000 predictions. */
  logMB: 35,
  logMBPerThousandPredictions: 1,
  /** KB of a report of inputs; a container writes at most one a minute, and one for a prediction. */
  logKBPerReport: 1,
  reportsAtMost: 30 * 24 * 60,
  /** KB of logs of one scheduled check. */
  logKBPerCheck: 2,
  /** Hours with data, over all metrics of ours and of SageMaker's containers. */
  metricHours: 20,
  /** Hours in which requests to an endpoint with traffic failed: the metric of failures has data. */
  failureHours: 20,
  /** Requests to CloudWatch of one check of one endpoint with traffic and errors. */
  metricRequestsPerCheck: 6,
  /** Lambda polls a queue with five connections for 20 s each. */
  queuePollsPerSecond: 5 / 20,
  /** Function → invocations of a run and the seconds of each. */
  invocations: {
    slack: { count: 40, seconds: 0.15 },
    announce: { count: 60, seconds: 0.8 },
    commands: { count: 4, seconds: 0.5 },
    ingest: { count: 1, seconds: 2 },
    signals: { count: 30, seconds: 0.6 },
    pipeline: { count: 30, seconds: 2 },
    prepare: { count: 1, seconds: 20 },
  } as Readonly<Record<string, { readonly count: number; readonly seconds: number }>>,
  checkSeconds: 0.4,
} as const;
