import type { EventOf } from '../events.ts';
import { type Interruption, type Run, stageOf, type Training, waitsForSpot } from '../run.ts';

export function startTraining(run: Run, event: EventOf<'TrainingStarted'>): Run {
  if (stageOf(run, 'train')?.status !== 'running' || run.training?.jobName === event.jobName) {
    return run;
  }
  const training: Training = {
    jobName: event.jobName,
    ...(event.code === undefined ? {} : { code: event.code }),
    spot: event.spot,
    instanceType: event.instanceType,
    step: null,
    total: null,
    loss: null,
    samplesPerSecond: null,
    progressAt: null,
    interruptions: run.training?.interruptions ?? [],
    metrics: null,
  };
  return { ...run, training };
}

function isTraining(run: Run, jobName: string): run is Run & { training: Training } {
  return stageOf(run, 'train')?.status === 'running' && run.training?.jobName === jobName;
}

export function delayTraining(run: Run, event: EventOf<'CapacityDelayed'>): Run {
  if (!isTraining(run, event.jobName) || !waitsForSpot(run)) return run;
  if (run.training.waitsSince !== undefined) return run;
  return { ...run, training: { ...run.training, waitsSince: event.since } };
}

/** The first reason stays, with the time since when. */
export function queueJob(run: Run, { jobName, reason, at }: EventOf<'JobQueued'>): Run {
  const { queuedJob, ...rest } = run;
  if (reason === null) return queuedJob?.jobName === jobName ? rest : run;
  return queuedJob?.jobName === jobName
    ? run
    : { ...run, queuedJob: { jobName, reason, since: at } };
}

/** Progress may step back after an interruption (to the checkpoint), never otherwise. */
export function progressTraining(run: Run, event: EventOf<'TrainingProgressed'>): Run {
  if (!isTraining(run, event.jobName)) return run;
  const { training } = run;
  const last = training.interruptions.at(-1);
  const floor = last?.resumedFromStep ?? 0;
  const wentBack = training.step !== null && event.step < training.step;
  const afterResume = last !== undefined && event.step >= floor && training.step === last.atStep;
  if (event.step === training.step || (wentBack && !afterResume)) return run;
  return {
    ...run,
    training: {
      ...training,
      step: event.step,
      total: event.total,
      loss: event.loss,
      samplesPerSecond: event.samplesPerSecond,
      progressAt: event.at,
      ...firstReport(training, event),
    },
  };
}

/** Kept from the first report on; one from before the job resumed says nothing about this attempt. */
function firstReport(
  { firstReport: known, interruptions }: Training,
  { step, at }: EventOf<'TrainingProgressed'>,
): Pick<Training, 'firstReport'> {
  if (known !== undefined) return { firstReport: known };
  const last = interruptions.at(-1);
  const isEarlier = last !== undefined && (last.resumedAt === null || at < last.resumedAt);
  return isEarlier ? {} : { firstReport: { step, at } };
}

/** A job that is interrupted more often shows these; its record stays small enough to be written. */
const MOST_INTERRUPTIONS = 200;

/** `count` is the interruption's number, from 1, which identifies repeated events. */
export function interruptTraining(run: Run, event: EventOf<'TrainingInterrupted'>): Run {
  if (!isTraining(run, event.jobName)) return run;
  const { interruptions } = run.training;
  if (event.count !== interruptions.length + 1 || event.count > MOST_INTERRUPTIONS) return run;
  const added: Interruption = {
    atStep: event.atStep,
    at: event.at,
    resumedFromStep: null,
    resumedAt: null,
  };
  const { firstReport: _, ...training } = run.training;
  return {
    ...run,
    training: { ...training, step: event.atStep, interruptions: [...interruptions, added] },
  };
}

export function resumeTraining(run: Run, event: EventOf<'TrainingResumed'>): Run {
  if (!isTraining(run, event.jobName)) return run;
  const { interruptions } = run.training;
  const open = interruptions.at(-1);
  if (open === undefined || event.count !== interruptions.length || open.resumedAt !== null) {
    return run;
  }
  const resumed = { ...open, resumedFromStep: event.fromStep, resumedAt: event.at };
  return {
    ...run,
    training: { ...run.training, interruptions: [...interruptions.slice(0, -1), resumed] },
  };
}
