import { formatDistanceStrict } from 'date-fns/formatDistanceStrict';
import { type QueuedJob, type Run, stageOf } from '../../../pipeline/core/run.ts';
import { shown } from '../../blocks/escape.ts';
import { count, percent, progressBar, secondsBetween } from '../../blocks/format.ts';
import { instant, type Line } from '../../blocks/rich-text.ts';

/** The progress bar of running training, with steps, loss and time left; empty otherwise. */
export function progressLine(run: Run): Line {
  const { training, queuedJob } = run;
  if (queuedJob !== undefined) return queueLine(queuedJob);
  if (training === null || stageOf(run, 'train')?.status !== 'running') return [];
  const { step, total, loss } = training;
  if (step === null || total === null || total <= 0) return machineLine(run);
  const open = training.interruptions.at(-1)?.resumedAt === null;
  const left = open ? 'waiting for a new machine' : remaining(run);
  const details = [
    percent(step / total),
    `step ${count(step)} of ${count(total)}`,
    loss === null ? '' : `loss ${loss.toFixed(3)}`,
    left === null ? '' : left,
  ];
  return [`${progressBar(step / total)} ${details.filter(Boolean).join(' · ')}`];
}

function queueLine({ reason, since }: QueuedJob): Line {
  return [
    `${shown(reason, 300)} The job starts when another has ended; queued since `,
    instant(since, 'date and time'),
  ];
}

function machineLine(run: Run): Line {
  if (run.training === null) return [];
  const { spot, instanceType, waitsSince } = run.training;
  if (run.onDemandRequestedBy !== undefined && spot) {
    const who = shown(run.onDemandRequestedBy.name, 40);
    return [`${who} chose not to wait for Spot: switching to an on-demand ${instanceType}`];
  }
  if (waitsSince !== undefined) {
    return [`No Spot ${instanceType} yet; waiting since `, instant(waitsSince, 'date and time')];
  }
  return [`Waiting for the first training step on ${spot ? 'Spot' : 'on-demand'} ${instanceType}`];
}

/** From when on the speed is known well enough: seconds, and the share of all steps. */
const LEAST_SECONDS = 3;
const LEAST_SHARE = 0.03;

/** Seconds left at the speed since this attempt first reported a step; null while that is unknown. */
export function secondsLeft({ training }: Pick<Run, 'training'>): number | null {
  if (training?.step == null || training.total === null || training.progressAt === null)
    return null;
  const { firstReport, step, total, progressAt } = training;
  if (firstReport === undefined) return null;
  const seconds = secondsBetween(firstReport.at, progressAt);
  const steps = step - firstReport.step;
  if (seconds < LEAST_SECONDS || steps < total * LEAST_SHARE) return null;
  return ((total - step) * seconds) / steps;
}

/** Time left in words; null while unknown, and when there is hardly any. */
function remaining(run: Run): string | null {
  const left = secondsLeft(run);
  if (left === null || left < 1) return null;
  return `about ${formatDistanceStrict(0, left * 1000)} left`;
}
