import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { type DomainEvent, isRunEvent } from '../../core/events.ts';
import { modelOfRun } from '../../core/names.ts';
import type { EventBus } from '../../core/ports.ts';

interface Figure {
  readonly name: string;
  readonly unit: (typeof MetricUnit)[keyof typeof MetricUnit];
  readonly value: number;
}

/** Counts domain events as CloudWatch metrics of their model, after they are published. */
export function measuredBus(bus: EventBus, metrics: Metrics): EventBus {
  return {
    async publish(event) {
      await bus.publish(event);
      for (const { name, unit, value } of figuresOf(event)) {
        const metric = metrics.singleMetric();
        // Not under the function's name: the same figure comes from several functions.
        metric.clearDefaultDimensions();
        metric.addDimensions({ service: 'runs', model: modelOf(event) });
        metric.addMetric(name, unit, value);
      }
    },
  };
}

/** Each metric costs at most 0.30 USD per month and model, billed per hour with data. */
function figuresOf(event: DomainEvent): readonly Figure[] {
  const count = (name: string): Figure => ({ name, unit: MetricUnit.Count, value: 1 });
  const seconds = (name: string, value: number): Figure => ({
    name,
    unit: MetricUnit.Seconds,
    value,
  });
  switch (event.type) {
    case 'RunStarted':
    case 'TrainingInterrupted':
    case 'DeploymentReverted':
    case 'RegressionDetected':
      return [count(event.type)];
    case 'JobEnded':
      return [seconds('JobSeconds', event.usage.billable ?? event.usage.running)];
    case 'TrainingCompleted':
    case 'EvaluationCompleted':
      return [seconds('WaitingSeconds', event.waitingSeconds)];
    case 'RunEnded':
      if (event.outcome === 'deployed' || event.outcome === 'rolled_back') {
        return [count('RunDeployed')];
      }
      return event.outcome === 'failed' ? [count('RunFailed')] : [];
    default:
      return [];
  }
}

function modelOf(event: DomainEvent): string {
  return isRunEvent(event) ? modelOfRun(event.runId) : event.model;
}
