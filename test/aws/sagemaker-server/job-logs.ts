import type { CloudWatchLogsReader } from '../../../pipeline/aws/job-runner/job-logs.ts';

interface Stream {
  readonly logStreamName: string;
  readonly creationTime: number;
  readonly events: { timestamp: number; message: string }[];
}

/** CloudWatch Logs as training jobs fill it, a stream for each machine, and as endpoints do. */
export function createJobLogs() {
  const streams: Stream[] = [];
  const reports: { logGroupName: string; timestamp: number; message: string }[] = [];

  const reader: CloudWatchLogsReader = {
    async describeLogStreams({ logStreamNamePrefix }) {
      return { logStreams: streams.filter((each) => isUnder(each, logStreamNamePrefix)) };
    },
    async getLogEvents({ logStreamName, limit, endTime, startFromHead }) {
      if (startFromHead) throw new Error('The test server reads from the end only.');
      const stream = streams.find((each) => each.logStreamName === logStreamName);
      const until = endTime ?? Number.POSITIVE_INFINITY;
      const events = (stream?.events ?? []).filter(({ timestamp }) => timestamp < until);
      return { events: events.slice(-limit) };
    },
    async filterLogEvents({ logGroupName, logStreamNamePrefix, filterPattern, startTime = 0 }) {
      if (logStreamNamePrefix === undefined) {
        const quoted = filterPattern.slice(1, -1);
        const lines = reports.filter((each) => each.logGroupName === logGroupName);
        return {
          events: lines.filter(
            ({ timestamp, message }) => timestamp >= startTime && message.includes(quoted),
          ),
        };
      }
      const wanted = [...filterPattern.matchAll(/\$\.event = "(\w+)"/g)].map(([, name]) => name);
      const events = streams
        .filter((each) => isUnder(each, logStreamNamePrefix))
        .flatMap((each) => each.events)
        .filter(({ message }) => {
          const event = /^\{"event": "(\w+)"/.exec(message)?.[1];
          return event !== undefined && wanted.includes(event);
        });
      return { events };
    },
  };

  return {
    reader,
    /** A line in the log of an endpoint. */
    report(endpointName: string, at: Date, message: string): void {
      const logGroupName = `/aws/sagemaker/Endpoints/${endpointName}`;
      reports.push({ logGroupName, timestamp: at.getTime(), message });
    },
    openStream(jobName: string, at: Date): Stream {
      const logStreamName = `${jobName}/algo-1-${at.getTime()}-${streams.length}`;
      const stream = { logStreamName, creationTime: at.getTime(), events: [] };
      streams.push(stream);
      return stream;
    },
  };
}

export type LogStream = Stream;

function isUnder({ logStreamName }: Stream, prefix: string): boolean {
  return logStreamName.startsWith(prefix);
}
