import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Pipeline } from '../../core/pipeline.ts';
import { watchEndpoints } from '../../flow/alerts/watch-endpoints.ts';
import { onExecutionLost } from '../../flow/execution-lost.ts';
import type { FlowDeps } from '../../flow/flow-deps.ts';
import { onEndpointChanged, onJobChanged } from '../../flow/on-job-changed.ts';
import { reconcileRegistryApproval } from '../../flow/reconcile-registry-approval.ts';
import { withAudit } from '../../flow/with-audit.ts';
import { type AwsEvent, readAwsEvent } from '../eventbridge-events.ts';
import type { AnnouncementQueue } from './announcement-queue.ts';
import { sweep } from './sweep.ts';
import type { Telemetry } from './telemetry.ts';

/**
 * Reacts to events of AWS and to the stack's schedules. An event is only a hint and every reaction
 * reads the state itself, so events may come late, twice or out of order.
 */
export function createEventHandler(options: {
  readonly deps: FlowDeps;
  readonly pipeline: Pipeline;
  readonly announcements: AnnouncementQueue;
  readonly telemetry: Telemetry;
}): (event: unknown) => Promise<void> {
  const { deps, announcements, telemetry } = options;
  const { logger, metrics } = telemetry;
  const studio = withAudit(options.pipeline, { from: 'studio', clock: deps.clock });

  async function react(event: AwsEvent): Promise<void> {
    switch (event.kind) {
      case 'job-changed':
        return onJobChanged(deps, event.jobName);
      case 'endpoint-changed':
        return onEndpointChanged(deps, event.model);
      case 'version-changed':
        return onVersionChanged(event);
      case 'alarm-changed':
        logger.info('An alarm changed.', { alarm: event.alarmName, state: event.state });
        // A run in its bake window checks at once, and a regression opens its alert.
        for (const model of Object.keys(deps.config.models)) await onEndpointChanged(deps, model);
        await watchEndpoints(deps);
        return;
      case 'execution-changed':
        // A run usually ends itself; this one was cut off.
        if (!['FAILED', 'TIMED_OUT', 'STOPPED'].includes(event.status)) return;
        metrics.addMetric('ExecutionsCutOff', MetricUnit.Count, 1);
        await onExecutionLost(deps, event.executionName);
        return;
      case 'dataset-dropped':
      case 'ignored':
        logger.info('Nothing to do.', { event });
    }
  }

  async function onVersionChanged(event: AwsEvent & { kind: 'version-changed' }): Promise<void> {
    const came = await reconcileRegistryApproval({ ...deps, decide: studio.decide }, event);
    const about = { model: event.model, version: event.version };
    switch (came.kind) {
      case 'agreed':
        return;
      case 'counted':
        logger.info('A decision made in SageMaker Studio was counted.', { ...about, by: came.by });
        return;
      case 'put_back':
        metrics.addMetric('ApprovalsPutBack', MetricUnit.Count, 1);
        logger.warn('An approval set in the registry does not count and was set back.', {
          ...about,
          found: came.found,
          decided: came.decided,
        });
    }
  }

  return (event) => {
    const scheduled = scheduledWork(event);
    if (scheduled === 'watch') {
      return telemetry.observe({}, async () => void (await watchEndpoints(deps)));
    }
    if (scheduled === 'sweep') {
      return telemetry.observe({}, () =>
        sweep(deps, announcements, (found) =>
          logger.warn('The endpoint and the records disagree.', { ...found }),
        ),
      );
    }
    const about = readAwsEvent(event);
    const runId = 'runId' in about ? about.runId : '';
    return telemetry.observe({ event: about.kind, runId }, () => react(about));
  };
}

/** What the stack's own schedules send. */
function scheduledWork(event: unknown): string | null {
  const scheduled = (event as { scheduled?: unknown } | null)?.scheduled;
  return typeof scheduled === 'string' ? scheduled : null;
}
