import type { DescribeTrainingJobResponse } from '@aws-sdk/client-sagemaker';
import type { JobDescription, JobStatus } from '../../core/ports.ts';
import { type JobEvent, parseJobEvent } from '../../core/python-contract.ts';
import type { JobLogs, LogLine } from './job-logs.ts';

type Job = DescribeTrainingJobResponse;
type Progress = NonNullable<JobDescription['progress']>;

interface Phase {
  readonly status: string;
  readonly from: Date;
  readonly to: Date;
}

interface Milestone {
  readonly at: number;
  readonly event: JobEvent;
}

/** Without a machine: queueing at the start, and between an interruption and the next machine. */
const waitingStatuses: readonly string[] = ['Starting', 'Pending', 'Interrupted'];
/** How many lines are searched for the last progress; libraries print in between. */
const TAIL_LINES = 100;
/** Tolerance for clock differences and for the time a SIGTERM takes. */
const SLACK_MILLISECONDS = 5_000;

/**
 * Describes a job from SageMaker and from its log. SageMaker has the interruptions and their times
 * (`SecondaryStatusTransitions`); at which step they happened stands in the log only: in the
 * `interrupted` line where the script had the time for it, else in its last progress or checkpoint.
 * Without a log the last metrics are used, and `resumedFromStep` stays null.
 */
export async function describeJob(
  job: Job,
  logs: JobLogs,
  now: Date,
): Promise<Omit<JobDescription, 'modelArtifact'>> {
  const name = job.TrainingJobName ?? '';
  const phases = phasesOf(job, now);
  const isStarted = phases.some(({ status }) => status === 'Training');
  const progress = isStarted ? await newestProgress(job, name, logs) : null;
  return {
    name,
    status: toStatus(job),
    secondaryStatus: job.SecondaryStatus ?? 'Starting',
    progress: progress?.progress ?? null,
    progressAt: progress === null ? null : new Date(progress.at).toISOString(),
    interruptions: await interruptionsOf(job, phases, logs),
    failureReason: toReason(job),
    runningSeconds: secondsIn(phases, ['Training']),
    waitingSeconds: secondsIn(phases, waitingStatuses),
    billableSeconds: billableSeconds(job, phases),
  };
}

/** Of one instance; known once the job has ended. Without the figure its training time is the most. */
function billableSeconds(job: Job, phases: readonly Phase[]): number | null {
  if (!hasEnded(job)) return null;
  return job.BillableTimeInSeconds ?? secondsIn(phases, ['Training']);
}

function hasEnded(job: Job): boolean {
  return ['Completed', 'Failed', 'Stopped', 'Deleting'].includes(job.TrainingJobStatus ?? '');
}

function toStatus({ TrainingJobStatus }: Job): JobStatus {
  switch (TrainingJobStatus) {
    case 'Completed':
    case 'Failed':
    case 'Stopping':
    case 'Stopped':
      return TrainingJobStatus;
    // Only an ended job can be deleted, so a deleted job must not be waited for.
    case 'Deleting':
      return 'Stopped';
    default:
      return 'InProgress';
  }
}

/** "AlgorithmError: …, exit code: 1": the script's own message without SageMaker's frame. */
function toReason({ FailureReason = '' }: Job): string | null {
  const said = /^AlgorithmError: ([\s\S]*?)(?:, exit code: \d+)?$/.exec(FailureReason)?.[1];
  const reason = said || FailureReason;
  return reason === '' ? null : reason.slice(0, 1024);
}

function phasesOf(job: Job, now: Date): readonly Phase[] {
  const transitions = (job.SecondaryStatusTransitions ?? [])
    .flatMap(({ Status, StartTime, EndTime }) =>
      Status === undefined || StartTime === undefined
        ? []
        : [{ status: Status as string, from: StartTime, to: EndTime }],
    )
    .sort((a, b) => a.from.getTime() - b.from.getTime());
  const last = job.TrainingEndTime ?? (hasEnded(job) ? (job.LastModifiedTime ?? now) : now);
  return transitions.map(({ status, from, to }, index) => ({
    status,
    from,
    to: to ?? transitions[index + 1]?.from ?? last,
  }));
}

function secondsIn(phases: readonly Phase[], statuses: readonly string[]): number {
  return phases
    .filter(({ status }) => statuses.includes(status))
    .reduce((sum, { from, to }) => sum + Math.max(0, to.getTime() - from.getTime()) / 1000, 0);
}

async function newestProgress(job: Job, name: string, logs: JobLogs) {
  const printed = lastProgress(await logs.tail(name, TAIL_LINES));
  if (printed !== null) return printed;
  const metric = (wanted: string) =>
    job.FinalMetricDataList?.find(({ MetricName }) => MetricName === wanted);
  const step = metric('step');
  const total = metric('total');
  if (step?.Value === undefined || total?.Value === undefined) return null;
  const progress: Progress = {
    event: 'progress',
    step: Math.round(step.Value),
    total: Math.round(total.Value),
    loss: metric('loss')?.Value ?? null,
    samples_per_second: metric('samples_per_second')?.Value ?? null,
  };
  return { progress, at: step.Timestamp?.getTime() ?? job.LastModifiedTime?.getTime() ?? 0 };
}

function lastProgress(lines: readonly LogLine[]): { progress: Progress; at: number } | null {
  for (const { text, at } of [...lines].reverse()) {
    const event = parseJobEvent(text);
    if (event?.event === 'progress') return { progress: event, at };
  }
  return null;
}

async function interruptionsOf(
  job: Job,
  phases: readonly Phase[],
  logs: JobLogs,
): Promise<JobDescription['interruptions']> {
  if (!phases.some(({ status }) => status === 'Interrupted')) return [];
  const name = job.TrainingJobName ?? '';
  const milestones = toMilestones(await logs.milestones(name));
  const found: JobDescription['interruptions'][number][] = [];
  for (const [index, phase] of phases.entries()) {
    if (phase.status !== 'Interrupted') continue;
    const later = phases.slice(index + 1);
    const training = later.find(({ status }) => status === 'Training');
    const next = later.find(({ status }) => status === 'Interrupted')?.from.getTime();
    const until = next ?? Number.POSITIVE_INFINITY;
    const attempt = phases.slice(0, index).findLast(({ status }) => status === 'Training');
    const since = (attempt?.from.getTime() ?? 0) - SLACK_MILLISECONDS;
    const resumed = training && resumption(milestones, training.from.getTime(), until);
    // A script that starts over says nothing, but its next progress, or its end, does.
    const startedOver =
      resumed === undefined &&
      training !== undefined &&
      ((await hasProgressed(name, logs, training.from)) || next !== undefined || hasEnded(job));
    found.push({
      at: phase.from.toISOString(),
      atStep: await stepAt(name, phase.from, since, milestones, logs),
      resumedFromStep: resumed?.event.step ?? (startedOver ? 0 : null),
      resumedAt: training?.from.toISOString() ?? null,
    });
  }
  return found;
}

function resumption(milestones: readonly Milestone[], from: number, until: number) {
  return milestones.find(
    ({ at, event }) => event.event === 'resumed' && at >= from - SLACK_MILLISECONDS && at < until,
  );
}

async function hasProgressed(name: string, logs: JobLogs, since: Date): Promise<boolean> {
  const newest = lastProgress(await logs.tail(name, TAIL_LINES));
  return newest !== null && newest.at >= since.getTime();
}

/** The step at which a machine, on which the script ran since `since`, was taken away. */
async function stepAt(
  name: string,
  at: Date,
  since: number,
  milestones: readonly Milestone[],
  logs: JobLogs,
): Promise<number> {
  const end = at.getTime() + SLACK_MILLISECONDS;
  const before = milestones.filter((each) => each.at >= since && each.at < end);
  const said = before.findLast(({ event }) => event.event === 'interrupted');
  if (said !== undefined) return said.event.step;
  const progressed = lastProgress(await logs.tail(name, TAIL_LINES, new Date(end)));
  const isOfAttempt = progressed !== null && progressed.at >= since;
  return Math.max(isOfAttempt ? progressed.progress.step : 0, before.at(-1)?.event.step ?? 0);
}

function toMilestones(lines: readonly LogLine[]): readonly Milestone[] {
  return lines.flatMap(({ at, text }) => {
    const event = parseJobEvent(text);
    return event === null ? [] : [{ at, event }];
  });
}
