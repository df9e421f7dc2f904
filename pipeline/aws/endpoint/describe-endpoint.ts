import type { DescribeEndpointOutput } from '@aws-sdk/client-sagemaker';
import type { EndpointDescription } from '../../core/ports.ts';

/** Longer than a change may take: an older configuration was put back at an unknown time. */
const MAX_START_SECONDS = 3600;

/** The API says `InService`, events say `IN_SERVICE`: both come out as the former. */
function normalizeStatus(status: string): string {
  return status.replaceAll('_', '').toLowerCase();
}

export function toEndpointStatus({
  EndpointStatus,
}: Pick<DescribeEndpointOutput, 'EndpointStatus'>): EndpointDescription['status'] {
  switch (normalizeStatus(EndpointStatus ?? '')) {
    case 'inservice':
      return 'InService';
    case 'creating':
      return 'Creating';
    case 'updating':
    case 'systemupdating':
    case 'rollingback':
      return 'Updating';
    // outofservice, failed, updaterollbackfailed: it serves nothing, and takes only a deletion.
    default:
      return 'Failed';
  }
}

/** The configuration an update in progress leads to; null when there is none. */
export function pendingConfigName(endpoint: DescribeEndpointOutput): string | null {
  return endpoint.PendingDeploymentSummary?.EndpointConfigName ?? null;
}

/**
 * The configuration that answers now. While an endpoint changes, AWS does not say which of the two
 * `EndpointConfigName` is: when it is the pending one, the answer is not known.
 */
export function liveConfigName(endpoint: DescribeEndpointOutput): string | null {
  const { EndpointConfigName = null } = endpoint;
  switch (toEndpointStatus(endpoint)) {
    case 'InService':
      return EndpointConfigName;
    case 'Updating':
      return EndpointConfigName === pendingConfigName(endpoint) ? null : EndpointConfigName;
    default:
      return null;
  }
}

/**
 * From the creation of the configuration, which comes right before the change, to the last change
 * of the endpoint. Null for a configuration that was put back.
 */
export function startSecondsOf(
  { LastModifiedTime }: DescribeEndpointOutput,
  configuredAt: Date | undefined,
): number | null {
  if (LastModifiedTime === undefined || configuredAt === undefined) return null;
  const seconds = (LastModifiedTime.getTime() - configuredAt.getTime()) / 1000;
  return seconds > 0 && seconds <= MAX_START_SECONDS ? seconds : null;
}
