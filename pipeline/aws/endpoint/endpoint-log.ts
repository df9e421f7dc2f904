import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  PutMetricFilterCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { isOneOf } from '../aws-errors.ts';
import {
  endpointLogGroup,
  FAILED_EVENT,
  FAILURES_NAMESPACE,
  failureMetric,
} from './failure-metric.ts';

/** The operations that prepare the log of an endpoint; each may be repeated. */
export interface EndpointLogSetup {
  createLogGroup(input: { logGroupName: string }): Promise<unknown>;
  putRetentionPolicy(input: { logGroupName: string; retentionInDays: number }): Promise<unknown>;
  putMetricFilter(input: {
    logGroupName: string;
    filterName: string;
    filterPattern: string;
    metricTransformations: {
      metricNamespace: string;
      metricName: string;
      metricValue: string;
    }[];
  }): Promise<unknown>;
}

export function createEndpointLogSetup(client: CloudWatchLogsClient): EndpointLogSetup {
  return {
    createLogGroup: (input) => client.send(new CreateLogGroupCommand(input)),
    putRetentionPolicy: (input) => client.send(new PutRetentionPolicyCommand(input)),
    putMetricFilter: (input) => client.send(new PutMetricFilterCommand(input)),
  };
}

/**
 * Lets the log of an endpoint expire, and counts the failures that its containers report, from the
 * first request on. SageMaker would make the group too, for ever and without a filter; a stack could
 * not make it, because it outlives the model in the configuration. The metric is billed for hours in
 * which something failed, 0.0004 USD each.
 */
export async function prepareEndpointLog(
  logs: EndpointLogSetup,
  { endpointName, retentionDays }: { endpointName: string; retentionDays: number },
): Promise<void> {
  const logGroupName = endpointLogGroup(endpointName);
  try {
    await logs.createLogGroup({ logGroupName });
  } catch (error) {
    if (!isOneOf(error, 'ResourceAlreadyExistsException')) throw error;
  }
  await logs.putRetentionPolicy({ logGroupName, retentionInDays: retentionDays });
  await logs.putMetricFilter({
    logGroupName,
    filterName: 'mlops-bot-failures',
    filterPattern: `"${FAILED_EVENT}"`,
    metricTransformations: [
      {
        metricNamespace: FAILURES_NAMESPACE,
        metricName: failureMetric(endpointName),
        metricValue: '1',
      },
    ],
  });
}
