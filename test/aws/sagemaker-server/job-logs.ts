import type { CloudWatchLogsReader } from '../../../pipeline/aws/job-runner/job-logs.ts';

interface Stream {
  readonly logStreamName: string;
  readonly creationTime: number;
  readonly events: { timestamp: number; message: string }[];
}

/** CloudWatch Logs as training jobs fill it: a stream for each machine, events in order of time. */
export function createJobLogs() {
  const streams: Stream[] = [];

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
    async filterLogEvents({ logStreamNamePrefix, filterPattern }) {
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
