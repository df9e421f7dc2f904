import type { EndpointLogSetup } from '../../../pipeline/aws/endpoint/endpoint-log.ts';
import type { CloudWatchLogsReader } from '../../../pipeline/aws/job-runner/job-logs.ts';
import { ServiceError } from '../service-error.ts';

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

  const groups = new Map<string, { retentionInDays: number | null }>();
  const filters: Parameters<EndpointLogSetup['putMetricFilter']>[0][] = [];
  const counts = new Map<string, number>();
  const group = (name: string) => {
    const found = groups.get(name);
    if (found !== undefined) return found;
    throw new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.');
  };
  const setup: EndpointLogSetup = {
    async createLogGroup({ logGroupName }) {
      if (groups.has(logGroupName)) {
        const message = 'The specified log group already exists';
        throw Object.assign(new Error(message), { name: 'ResourceAlreadyExistsException' });
      }
      groups.set(logGroupName, { retentionInDays: null });
    },
    async putRetentionPolicy({ logGroupName, retentionInDays }) {
      group(logGroupName).retentionInDays = retentionInDays;
    },
    async putMetricFilter(filter) {
      group(filter.logGroupName);
      const at = filters.findIndex(
        ({ logGroupName, filterName }) =>
          logGroupName === filter.logGroupName && filterName === filter.filterName,
      );
      filters.splice(at < 0 ? filters.length : at, at < 0 ? 0 : 1, filter);
    },
  };

  /** As metric filters do: only lines from now on, and only of their group. */
  function count(logGroupName: string, message: string): void {
    for (const filter of filters) {
      const isMatch = message.includes(filter.filterPattern.slice(1, -1));
      if (filter.logGroupName !== logGroupName || !isMatch) continue;
      for (const { metricName } of filter.metricTransformations) {
        counts.set(metricName, (counts.get(metricName) ?? 0) + 1);
      }
    }
  }

  return {
    reader: { ...reader, ...setup },
    /** What metric filters have counted, by the name of the metric. */
    counts: counts as ReadonlyMap<string, number>,
    /** As if the lines so far were from before whoever asks is interested in. */
    forgetCounts: () => counts.clear(),
    retentionOf: (endpointName: string) =>
      groups.get(`/aws/sagemaker/Endpoints/${endpointName}`)?.retentionInDays ?? null,
    /** A line in the log of an endpoint. */
    report(endpointName: string, at: Date, message: string): void {
      const logGroupName = `/aws/sagemaker/Endpoints/${endpointName}`;
      reports.push({ logGroupName, timestamp: at.getTime(), message });
      count(logGroupName, message);
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
