import type { DescribeTrainingJobResponse, SecondaryStatus } from '@aws-sdk/client-sagemaker';
import { describe, expect, it } from 'vitest';
import { describeJob } from '../../pipeline/aws/job-runner/describe-job.ts';
import { type JobLogs, noJobLogs } from '../../pipeline/aws/job-runner/job-logs.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 22, 9, 0, seconds));

/** A job that went through these statuses, each beginning at a second. */
function aJob(
  statuses: readonly (readonly [SecondaryStatus, number])[],
  overrides: Partial<DescribeTrainingJobResponse> = {},
): DescribeTrainingJobResponse {
  return {
    TrainingJobName: 'spam-aaaaaaaa-train-1',
    TrainingJobArn: 'arn',
    ModelArtifacts: { S3ModelArtifacts: '' },
    TrainingJobStatus: 'InProgress',
    SecondaryStatus: statuses.at(-1)?.[0],
    StoppingCondition: {},
    CreationTime: at(0),
    SecondaryStatusTransitions: statuses.map(([Status, second]) => ({
      Status,
      StartTime: at(second),
    })),
    ...overrides,
  };
}

function logsOf(lines: readonly (readonly [number, string])[]): JobLogs {
  const all = lines.map(([second, text]) => ({ at: at(second).getTime(), text }));
  return {
    tail: async (_, count, before) =>
      all.filter((line) => before === undefined || line.at < before.getTime()).slice(-count),
    milestones: async () => all.filter(({ text }) => /resumed|interrupted|checkpoint/.test(text)),
  };
}

const progress = (step: number) => `{"event": "progress", "step": ${step}, "total": 100}`;
const said = (event: string, step: number) => `{"event": "${event}", "step": ${step}}`;

const interruptedOnce = [
  ['Starting', 0],
  ['Training', 30],
  ['Interrupted', 100],
  ['Starting', 110],
  ['Training', 200],
] as const;

describe('describeJob', () => {
  it('counts the time with and without a machine up to now', async () => {
    const job = aJob([...interruptedOnce]);

    const described = await describeJob(job, noJobLogs, at(260));

    expect(described).toMatchObject({ runningSeconds: 70 + 60, waitingSeconds: 30 + 10 + 90 });
  });

  it.each([
    ['InProgress', undefined, null],
    ['Completed', 21, 21],
    ['Completed', undefined, 50],
  ] as const)('of a job that is %s and billed %s s says %s', async (status, billed, expected) => {
    const job = aJob([['Training', 0]], {
      TrainingJobStatus: status,
      TrainingEndTime: at(50),
      ...(billed === undefined ? {} : { BillableTimeInSeconds: billed }),
    });

    expect((await describeJob(job, noJobLogs, at(9000))).billableSeconds).toBe(expected);
  });

  it('counts no more time once the job has ended', async () => {
    const job = aJob(
      [
        ['Training', 0],
        ['Uploading', 50],
        ['Completed', 60],
      ],
      {
        TrainingJobStatus: 'Completed',
        TrainingEndTime: at(60),
      },
    );

    const described = await describeJob(job, noJobLogs, at(9000));

    expect(described.runningSeconds).toBe(50);
  });

  it.each([
    [
      'in the words of the script',
      [
        [90, progress(40)],
        [99, said('interrupted', 42)],
      ],
      42,
    ],
    [
      'by its last progress',
      [
        [90, progress(40)],
        [250, progress(55)],
      ],
      40,
    ],
    [
      'by its last checkpoint, when that is later',
      [
        [80, progress(30)],
        [95, said('checkpoint', 35)],
      ],
      35,
    ],
    ['as 0 when nothing is known', [], 0],
  ] as const)('finds the step of an interruption %s', async (_, lines, step) => {
    const { interruptions } = await describeJob(aJob([...interruptedOnce]), logsOf(lines), at(300));

    expect(interruptions).toMatchObject([{ atStep: step, at: at(100).toISOString() }]);
  });

  it.each([
    ['where it said it went on', [[205, said('resumed', 30)]], 30],
    ['from 0 when it progresses without having said so', [[210, progress(3)]], 0],
    ['not yet before it has printed anything', [], null],
  ] as const)('finds a resumption %s', async (_, lines, step) => {
    const { interruptions } = await describeJob(aJob([...interruptedOnce]), logsOf(lines), at(300));

    expect(interruptions).toMatchObject([
      { resumedFromStep: step, resumedAt: at(200).toISOString() },
    ]);
  });

  it('keeps two interruptions apart', async () => {
    const job = aJob([...interruptedOnce, ['Interrupted', 300], ['Training', 400]]);
    const logs = logsOf([
      [99, said('interrupted', 42)],
      [205, said('resumed', 40)],
      [290, progress(70)],
      [405, said('resumed', 60)],
    ]);

    const { interruptions } = await describeJob(job, logs, at(500));

    expect(interruptions).toMatchObject([
      { atStep: 42, resumedFromStep: 40 },
      { atStep: 70, resumedFromStep: 60 },
    ]);
  });

  it('does not count progress of the machine before for an attempt without any', async () => {
    const job = aJob([...interruptedOnce, ['Interrupted', 210]]);
    const logs = logsOf([
      [95, progress(80)],
      [99, said('interrupted', 80)],
      [205, said('resumed', 60)],
    ]);

    const { interruptions } = await describeJob(job, logs, at(500));

    expect(interruptions).toMatchObject([{ atStep: 80 }, { atStep: 60 }]);
  });

  it('takes progress from the metrics when there is no log', async () => {
    const job = aJob([['Training', 0]], {
      FinalMetricDataList: [
        { MetricName: 'step', Value: 12, Timestamp: at(20) },
        { MetricName: 'total', Value: 90, Timestamp: at(20) },
        { MetricName: 'loss', Value: 0.5, Timestamp: at(20) },
      ],
    });

    const described = await describeJob(job, noJobLogs, at(60));

    expect(described).toMatchObject({
      progress: { step: 12, total: 90, loss: 0.5 },
      progressAt: at(20).toISOString(),
    });
  });

  it.each([
    [
      'AlgorithmError: The column has one class only., exit code: 1',
      'The column has one class only.',
    ],
    ['AlgorithmError: , exit code: 137', 'AlgorithmError: , exit code: 137'],
    ['ClientError: No S3 objects found', 'ClientError: No S3 objects found'],
    ['', null],
  ])('gives the reason of “%s”', async (FailureReason, reason) => {
    const job = aJob([['Failed', 0]], { TrainingJobStatus: 'Failed', FailureReason });

    expect((await describeJob(job, noJobLogs, at(1))).failureReason).toBe(reason);
  });
});
