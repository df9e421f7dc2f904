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

/** Time left at the speed since training started or last resumed; null while unknown. */
function remaining(run: Run): string | null {
  const { training } = run;
  if (training?.step == null || training.total === null || training.progressAt === null)
    return null;
  const resumed = training.interruptions.at(-1);
  const since = resumed?.resumedAt ?? stageOf(run, 'train')?.startedAt ?? null;
  const steps = training.step - (resumed?.resumedFromStep ?? 0);
  if (since === null || steps <= 0) return null;
  const seconds = secondsBetween(since, training.progressAt);
  if (seconds <= 0) return null;
  const left = ((training.total - training.step) * seconds) / steps;
  return `about ${formatDistanceStrict(0, left * 1000)} left`;
}
