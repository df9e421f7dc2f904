import {
  type CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { errorName, isNotFound } from '../aws-errors.ts';

/** Where SageMaker puts what a training job prints: one stream for each machine it ran on. */
const TRAINING_LOG_GROUP = '/aws/sagemaker/TrainingJobs';

export interface LogLine {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly text: string;
}

export interface JobLogs {
  /** The last lines before `before` (default: now), over all machines, oldest first. */
  tail(jobName: string, lines: number, before?: Date): Promise<readonly LogLine[]>;
  /** Every `resumed`, `interrupted` and `checkpoint` line of the job, oldest first. */
  milestones(jobName: string): Promise<readonly LogLine[]>;
}

/** The three operations that are used of CloudWatch Logs. */
export interface CloudWatchLogsReader {
  describeLogStreams(input: { logGroupName: string; logStreamNamePrefix: string }): Promise<{
    logStreams?:
      | { logStreamName?: string | undefined; creationTime?: number | undefined }[]
      | undefined;
  }>;
  getLogEvents(input: {
    logGroupName: string;
    logStreamName: string;
    startFromHead: boolean;
    limit: number;
    endTime?: number;
  }): Promise<{ events?: LogEvent[] | undefined }>;
  filterLogEvents(input: {
    logGroupName: string;
    logStreamNamePrefix?: string;
    filterPattern: string;
    /** Milliseconds since 1970. */
    startTime?: number;
    nextToken?: string;
  }): Promise<{ events?: LogEvent[] | undefined; nextToken?: string | undefined }>;
}

/** `CloudWatchLogs` has these methods too, and brings every other operation into the bundles. */
export function createCloudWatchLogsReader(client: CloudWatchLogsClient): CloudWatchLogsReader {
  return {
    describeLogStreams: (input) => client.send(new DescribeLogStreamsCommand(input)),
    getLogEvents: (input) => client.send(new GetLogEventsCommand(input)),
    filterLogEvents: (input) => client.send(new FilterLogEventsCommand(input)),
  };
}

interface LogEvent {
  timestamp?: number | undefined;
  message?: string | undefined;
}

/** GetLogEvents returns at most so many. */
const MAX_EVENTS = 10_000;
/** A page may be empty although there is another. */
const MAX_PAGES = 20;

/**
 * {@link JobLogs} in CloudWatch Logs. A line takes seconds to get there, so what is read may lag
 * behind the job; a job that has not printed yet has no lines.
 */
export function createCloudWatchJobLogs({
  client,
}: {
  readonly client: CloudWatchLogsReader;
}): JobLogs {
  const group = { logGroupName: TRAINING_LOG_GROUP } as const;

  /** A Spot restart is another machine with a stream of its own; newest first. */
  async function streamsOf(jobName: string): Promise<readonly string[]> {
    const { logStreams = [] } = await client.describeLogStreams({
      ...group,
      logStreamNamePrefix: `${jobName}/`,
    });
    return [...logStreams]
      .sort((a, b) => (b.creationTime ?? 0) - (a.creationTime ?? 0))
      .flatMap(({ logStreamName }) => (logStreamName === undefined ? [] : [logStreamName]));
  }

  return {
    tail: (jobName, lines, before) =>
      orNothing(async () => {
        if (lines <= 0) return [];
        const found: LogLine[] = [];
        for (const logStreamName of await streamsOf(jobName)) {
          const { events = [] } = await client.getLogEvents({
            ...group,
            logStreamName,
            startFromHead: false,
            limit: Math.min(lines - found.length, MAX_EVENTS),
            ...(before === undefined ? {} : { endTime: before.getTime() }),
          });
          found.unshift(...events.flatMap(toLine));
          if (found.length >= lines) break;
        }
        return found.slice(-lines);
      }),
    milestones: (jobName) =>
      orNothing(async () => {
        const found: LogLine[] = [];
        let nextToken: string | undefined;
        for (let page = 0; page < MAX_PAGES; page++) {
          const answer = await client.filterLogEvents({
            ...group,
            logStreamNamePrefix: `${jobName}/`,
            filterPattern:
              '{ ($.event = "resumed") || ($.event = "interrupted") || ($.event = "checkpoint") }',
            ...(nextToken === undefined ? {} : { nextToken }),
          });
          found.push(...(answer.events ?? []).flatMap(toLine));
          nextToken = answer.nextToken;
          if (nextToken === undefined) break;
        }
        return found.sort((a, b) => a.at - b.at);
      }),
  };
}

/** For tests and stacks without logs: no lines. */
export const noJobLogs: JobLogs = {
  tail: async () => [],
  milestones: async () => [],
};

/** The group appears with the first job of an account; a missing right must not fail a run. */
async function orNothing(read: () => Promise<readonly LogLine[]>): Promise<readonly LogLine[]> {
  try {
    return await read();
  } catch (error) {
    if (isNotFound(error) || errorName(error) === 'AccessDeniedException') return [];
    throw error;
  }
}

function toLine({ timestamp, message }: LogEvent): readonly LogLine[] {
  if (timestamp === undefined || message === undefined) return [];
  return [{ at: timestamp, text: message.replace(/\n$/, '') }];
}
