import { CHANGE_WINDOW_HOURS } from '../../../pipeline/core/alert/changes-before.ts';
import type {
  DeploymentChange,
  PrecedingChange,
} from '../../../pipeline/core/alert/production-changes.ts';
import { actorName } from '../../blocks/actor.ts';
import { shown } from '../../blocks/escape.ts';
import { count, duration, plural } from '../../blocks/format.ts';
import { bold, code, type Line } from '../../blocks/rich-text.ts';

/** What changed before an alert, nearest first; never more than the record knows. */
export function changeLines(changes: readonly PrecedingChange[]): readonly Line[] {
  const [nearest, ...others] = changes;
  if (nearest === undefined) {
    return [
      [
        `No change is recorded in the ${CHANGE_WINDOW_HOURS} hours before: no deployment, no new data.`,
      ],
    ];
  }
  return [
    [bold(`Started ${whenText(nearest)}`), ...details(nearest)],
    ...differenceLines(nearest),
    ...others.flatMap((each) => [
      [`Before that: ${whenText(each)}`, ...details(each)] satisfies Line,
      ...differenceLines(each),
    ]),
  ];
}

/** Such as `4 min after v3 went live`. */
export function whenText({ change, seconds }: PrecedingChange): string {
  const time = seconds < 1 ? 'when' : `${duration(seconds)} after`;
  switch (change.kind) {
    case 'deployment':
      return `${time} v${change.version} ${change.how === 'put_back' ? 'was put back' : 'went live'}`;
    case 'dataset':
      return `on new data, ${duration(seconds)} after it arrived`;
    case 'traffic':
      return `${time} more requests came`;
  }
}

function details({ change, goodLooks }: PrecedingChange): Line {
  const fine =
    goodLooks === 0
      ? ''
      : `; ${plural(goodLooks, 'look')} in between ${goodLooks === 1 ? 'was' : 'were'} within the limit`;
  switch (change.kind) {
    case 'deployment': {
      const instead = change.from === null ? '' : ` in place of v${change.from}`;
      return [`${instead}${whoText(change)} (run ${change.runId})${fine}`];
    }
    case 'dataset':
      return [': ', code(shown(change.fileName, 60)), ` (run ${change.runId})${fine}`];
    case 'traffic':
      return [`: ${rateText(change.now)} a minute, ${rateText(change.before)} before${fine}`];
  }
}

function differenceLines({ change }: PrecedingChange): readonly Line[] {
  if (change.kind !== 'dataset') return [];
  return change.differences.map(({ reason }) => [`• ${shown(reason, 300)}`]);
}

/** Who put a version live, as the end of a clause; empty when it came back by itself. */
function whoText({ how, by }: DeploymentChange): string {
  if (how === 'by_policy') return ', approved by policy';
  if (by === null) return '';
  return `, ${how === 'rolled_back' ? 'rolled back' : 'approved'} by ${actorName(by)}`;
}

const rateText = (perMinute: number): string =>
  perMinute < 10 ? perMinute.toFixed(1) : count(Math.round(perMinute));
