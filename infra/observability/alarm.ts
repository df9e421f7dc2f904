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
  /** Periods in a row, of the metric's own length. */
  readonly periods: number;
  /** What it means, as a sentence. */
  readonly means: string;
  /** What to do, as a sentence. */
  readonly todo: string;
  /** Heading in the runbook. */
  readonly runbook: string;
  readonly topic: ITopic;
}

/** An alarm whose text is enough to act on: what it means, what to do, where to read on. */
export function alarm(scope: Construct, id: string, props: AlarmProps): Alarm {
  const made = new Alarm(scope, id, {
    alarmDescription: `${props.means} ${props.todo} See ${RUNBOOK}#${props.runbook}.`,
    metric: props.metric,
    threshold: props.above,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: props.periods,
    // Nothing runs when nothing happens: no data is the usual state.
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  const action = new SnsAction(props.topic);
  made.addAlarmAction(action);
  made.addOkAction(action);
  return made;
}
