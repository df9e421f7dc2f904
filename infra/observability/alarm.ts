import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

const RUNBOOK = 'docs/runbook.md';

export interface AlarmProps {
  readonly metric: IMetric;
  readonly above: number;
  /** Consecutive periods of the metric. */
  readonly periods: number;
  /** A sentence that says what happened. */
  readonly means: string;
  /** Sentences that say what to do. */
  readonly todo: string;
  /** Heading in the runbook. */
  readonly runbook: string;
  readonly topic: ITopic;
}

/** An alarm whose description says what happened, what to do and where to read more. */
export function alarm(scope: Construct, id: string, props: AlarmProps): Alarm {
  const made = new Alarm(scope, id, {
    alarmDescription: `${props.means} ${props.todo} See ${RUNBOOK}#${props.runbook}.`,
    metric: props.metric,
    threshold: props.above,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: props.periods,
    // An idle system reports no data.
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  const action = new SnsAction(props.topic);
  made.addAlarmAction(action);
  made.addOkAction(action);
  return made;
}
