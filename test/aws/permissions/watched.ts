import type { AwsClients } from '../../../pipeline/aws/clients.ts';
import type { EndpointLogSetup } from '../../../pipeline/aws/endpoint/endpoint-log.ts';
import type { CloudWatchLogsReader } from '../../../pipeline/aws/job-runner/job-logs.ts';
import type { Access, Sent } from './access.ts';

/** The metrics of the SageMaker server, for who may read them. */
export function watchedMetrics(
  cloudWatch: AwsClients['cloudWatch'],
  access: Access,
  role: string | null,
): AwsClients['cloudWatch'] {
  if (role === null) return cloudWatch;
  return {
    send: async (command: { readonly input: Sent['input'] }) => {
      access.check(role, { operation: 'cloudwatch:GetMetricStatistics', input: command.input });
      return cloudWatch.send(command as never);
    },
  } as unknown as AwsClients['cloudWatch'];
}

/** The logs of the SageMaker server, for who may read them. */
export function watchedLogs(
  logs: CloudWatchLogsReader & EndpointLogSetup,
  access: Access,
  role: string | null,
): CloudWatchLogsReader & EndpointLogSetup {
  if (role === null) return logs;
  const checked = (operation: Sent['operation'], input: object) =>
    access.check(role, { operation, input: { ...input } });
  return {
    async describeLogStreams(input) {
      checked('logs:DescribeLogStreams', input);
      return logs.describeLogStreams(input);
    },
    async getLogEvents(input) {
      checked('logs:GetLogEvents', input);
      return logs.getLogEvents(input);
    },
    async filterLogEvents(input) {
      checked('logs:FilterLogEvents', input);
      return logs.filterLogEvents(input);
    },
    async createLogGroup(input) {
      checked('logs:CreateLogGroup', input);
      return logs.createLogGroup(input);
    },
    async putRetentionPolicy(input) {
      checked('logs:PutRetentionPolicy', input);
      return logs.putRetentionPolicy(input);
    },
    async putMetricFilter(input) {
      checked('logs:PutMetricFilter', input);
      return logs.putMetricFilter(input);
    },
  };
}
