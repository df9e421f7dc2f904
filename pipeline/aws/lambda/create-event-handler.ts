import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Pipeline } from '../../core/pipeline.ts';
import { watchEndpoints } from '../../flow/alerts/watch-endpoints.ts';
import type { FlowDeps } from '../../flow/flow-deps.ts';
import { onEndpointChanged, onJobChanged } from '../../flow/on-job-changed.ts';
import { reconcileRegistryApproval } from '../../flow/reconcile-registry-approval.ts';
import { onExecutionLost } from '../../flow/recover-run.ts';
import { withAudit } from '../../flow/with-audit.ts';
import { type Signal, toSignal } from '../eventbridge-events.ts';
import type { AnnouncementQueue } from './announcement-queue.ts';
import { sweep } from './sweep.ts';
import type { Telemetry } from './telemetry.ts';

/**
 * Reacts to what AWS says. Every signal is a hint and every reaction looks for itself, so late,
 * repeated and reordered signals are all right.
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

  async function react(signal: Signal): Promise<void> {
    switch (signal.kind) {
      case 'job-changed':
        return onJobChanged(deps, signal.jobName);
      case 'endpoint-changed':
        return onEndpointChanged(deps, signal.model);
      case 'version-changed':
        return onVersionChanged(signal);
      case 'alarm-changed':
        logger.info('An alarm changed.', { alarm: signal.alarmName, state: signal.state });
        // A run in its bake window looks at once, and a regression opens its alert.
        for (const model of Object.keys(deps.config.models)) await onEndpointChanged(deps, model);
        await watchEndpoints(deps);
        return;
      case 'execution-changed':
        // The story ends its run itself; this is for one that was cut off.
        if (!['FAILED', 'TIMED_OUT', 'STOPPED'].includes(signal.status)) return;
        metrics.addMetric('ExecutionsCutOff', MetricUnit.Count, 1);
        await onExecutionLost(deps, signal.executionName);
        return;
      case 'dataset-dropped':
      case 'ignored':
        logger.info('Nothing to do.', { signal });
    }
  }

  async function onVersionChanged(signal: Signal & { kind: 'version-changed' }): Promise<void> {
    const came = await reconcileRegistryApproval({ ...deps, decide: studio.decide }, signal);
    const about = { model: signal.model, version: signal.version };
    switch (came.kind) {
      case 'agreed':
        return;
      case 'counted':
        logger.info('A decision made in SageMaker Studio was counted.', { ...about, by: came.by });
        return;
      case 'put_back':
        metrics.addMetric('ApprovalsPutBack', MetricUnit.Count, 1);
        logger.warn('An approval set in the registry does not count and was put back.', {
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
    const signal = toSignal(event);
    const runId = 'runId' in signal ? signal.runId : '';
    return telemetry.observe({ signal: signal.kind, runId }, () => react(signal));
  };
}

/** What the stack's own schedules send. */
function scheduledWork(event: unknown): string | null {
  const scheduled = (event as { scheduled?: unknown } | null)?.scheduled;
  return typeof scheduled === 'string' ? scheduled : null;
}
