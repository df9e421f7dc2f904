import { hasEnded, type Run } from '../../../pipeline/core/run.ts';
import { shown } from '../../blocks/escape.ts';
import { bold, instant, type Line } from '../../blocks/rich-text.ts';
import { problemLine } from './dataset-entry.ts';

/** Why a run is out of date. */
export const supersededBecause =
  'Production changed while this run was waiting, so its comparison is out of date.';

/** Why the run failed, ended early or was taken back; empty for any other. */
export function outcomeLines(run: Run): readonly Line[] {
  return [...failureLines(run), ...endingLines(run), ...revertLines(run)];
}

function failureLines(run: Run): readonly Line[] {
  if (run.failure === null) return [];
  const first = run.prepared?.errors[0];
  return [
    first === undefined ? [bold(shown(run.failure.message, 400))] : problemLine(first),
    run.failure.hint === null ? [] : [shown(run.failure.hint, 300)],
  ];
}

function endingLines(run: Run): readonly Line[] {
  if (run.outcome === 'superseded') return [[supersededBecause]];
  if (run.outcome === 'expired') return [['To ask again, use the button or /mlops promote.']];
  if (run.stopRequestedBy === null) return [];
  const who = shown(run.stopRequestedBy.name, 40);
  if (run.outcome === 'stopped') return [[`Stopped by ${who}.`]];
  return hasEnded(run)
    ? []
    : [[`Stop requested by ${who}; the run ends once its current stage has stopped.`]];
}

function revertLines(run: Run): readonly Line[] {
  const { deployment } = run;
  if (deployment?.revertedAt == null) return stuckLines(run);
  return [
    [bold(`v${deployment.to} was rolled back at `), instant(deployment.revertedAt)],
    deployment.revertReason === null ? [] : [shown(deployment.revertReason, 300)],
  ];
}

/** Until what was live before is back, somebody should look. */
function stuckLines({ deployment }: Run): readonly Line[] {
  if (deployment?.putBackDelayed === undefined) return [];
  const { from, to, putBackDelayed } = deployment;
  const goal = from === null ? `Removing v${to}` : `Restoring v${from}`;
  return [
    [bold(`v${to} is not proven and may still answer requests.`)],
    [`${goal} keeps failing: ${shown(putBackDelayed.reason, 300)}`],
    ['It is retried until it works. Please check the endpoint.'],
  ];
}
