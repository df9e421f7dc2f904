import { BASE_MODEL } from '../../core/base-model.ts';
import { baselineFor } from '../../core/baseline.ts';
import { MlopsError } from '../../core/errors.ts';
import { toJobHyperparameters } from '../../core/hyperparameters.ts';
import { modelHyperparameters } from '../../core/model-config.ts';
import { jobName, keys } from '../../core/names.ts';
import type { JobSpec } from '../../core/ports.ts';
import { metricsSchema, parseContract } from '../../core/python-contract.ts';
import type { Run, RunId } from '../../core/run.ts';
import { givenSettings } from '../../core/run-settings.ts';
import { findBaseModel } from '../find-base-model.ts';
import { loadRun } from '../load-run.ts';
import { record } from '../record.ts';
import { requireCheckpoints } from '../require-checkpoints.ts';
import { type Ending, failed, type RunContext, stopped } from '../run-context.ts';
import type { EndedJob } from './ended-job.ts';
import { runJob } from './job.ts';

/**
 * Trains the candidate on Spot capacity. The job runner survives interruptions; when no
 * capacity comes in time, the policy (or a person) starts a second, on-demand job on the same
 * checkpoints.
 */
export async function train(context: RunContext): Promise<Ending | null> {
  const { config } = context;
  const kept = await context.read<Capacity | boolean | null>('capacity', ({ spot = null }) =>
    capacityOf(config, spot),
  );
  // A history from before holds the choice of the run alone.
  const { spot, fallsBack } =
    typeof kept === 'object' && kept !== null ? kept : capacityOf(config, kept);
  const baseModel = await context.step('find base model', async () => {
    requireCheckpoints(context.deps, { model: context.model, spot });
    return findBaseModel(context.deps, await loadRun(context.deps, context.runId));
  });
  let attempt = context.resumed === 'train' ? await context.read('attempt', attemptOf) : 1;
  let job = await attemptTraining(context, { attempt, spot: spot && attempt === 1, baseModel });
  const isWaitOver = job.secondaryStatus === 'MaxWaitTimeExceeded' && fallsBack;
  if (attempt === 1 && (isWaitOver || job.switchRequested === true) && !job.stopRequested) {
    attempt = 2;
    job = await attemptTraining(context, { attempt, spot: false, baseModel });
  }
  if (job.status !== 'Completed') return endingOf(context.runId, job);
  await complete(context, jobName(context.runId, 'train', attempt), job);
  return null;
}

/** Decided once: a replay follows its history, whatever the configuration says by then. */
interface Capacity {
  readonly spot: boolean;
  readonly fallsBack: boolean;
}

function capacityOf({ training }: RunContext['config'], chosen: boolean | null): Capacity {
  const spot = chosen ?? training.spot;
  return { spot, fallsBack: spot && training.whenNoCapacity === 'on-demand' };
}

/** 2 once the on-demand job has been recorded. */
function attemptOf({ id, training }: Run): number {
  return training?.jobName === jobName(id, 'train', 2) ? 2 : 1;
}

interface Attempt {
  readonly attempt: number;
  readonly spot: boolean;
  readonly baseModel: string | null;
}

async function attemptTraining(
  context: RunContext,
  { attempt, spot, baseModel }: Attempt,
): Promise<EndedJob> {
  const { runId, model, config } = context;
  const typed = await context.read(`hyperparameters of attempt ${attempt}`, (run) =>
    givenSettings(run),
  );
  const name = jobName(runId, 'train', attempt);
  const maxRuntimeSeconds = config.training.maxRuntimeMinutes * 60;
  const hyperparameters = toJobHyperparameters({ ...modelHyperparameters(config), ...typed });
  const spec: JobSpec = {
    name,
    kind: 'train',
    runId,
    model,
    script: `recipes/${config.recipe}/train.py`,
    recipe: config.recipe,
    channels: {
      train: `${keys.prepared(runId)}train.jsonl`,
      validation: `${keys.prepared(runId)}validation.jsonl`,
      ...(baseModel === null ? {} : { [BASE_MODEL]: baseModel }),
    },
    baseline: {
      name: baselineFor({ ...config, hyperparameters }),
      test: `${keys.prepared(runId)}test.jsonl`,
    },
    hyperparameters,
    outputPrefix: keys.jobOutput(runId),
    checkpointPrefix: keys.checkpoints(runId),
    instanceType: config.training.instanceType,
    spot,
    maxRuntimeSeconds,
    maxWaitSeconds: maxRuntimeSeconds + (spot ? config.training.maxCapacityWaitMinutes * 60 : 0),
  };
  const code = await context.step(`code of attempt ${attempt}`, () =>
    context.deps.jobs.codeVersion(),
  );
  await context.record(`tell training ${attempt}`, {
    type: 'TrainingStarted',
    runId,
    jobName: name,
    spot,
    instanceType: spec.instanceType,
    code,
  });
  return runJob(context, spec);
}

async function complete(
  { deps, runId, step }: RunContext,
  name: string,
  job: EndedJob,
): Promise<void> {
  await step('collect training', async () => {
    const file = await deps.jobs.output(name, 'metrics.json');
    if (file === null || job.modelArtifact === null) {
      throw new MlopsError(
        'CONTRACT_BROKEN',
        'The training job wrote no model or no metrics.json.',
        {
          hint: 'The recipe must write both before it ends; training/README.md describes the contract.',
        },
      );
    }
    const metrics = parseContract(metricsSchema, 'metrics.json', new TextDecoder().decode(file));
    await record(deps, {
      type: 'TrainingCompleted',
      runId,
      metrics,
      artifact: job.modelArtifact,
      runningSeconds: job.runningSeconds,
      waitingSeconds: job.waitingSeconds,
    });
    return null;
  });
}

function endingOf(runId: RunId, job: EndedJob): Ending {
  if (job.stopRequested) return stopped;
  if (job.secondaryStatus === 'MaxWaitTimeExceeded') {
    return failed({
      code: 'CAPACITY_UNAVAILABLE',
      message: 'No Spot capacity became available in time.',
      hint: 'Try again later, or set training.whenNoCapacity to "on-demand" in mlops.config.ts.',
    });
  }
  if (job.secondaryStatus === 'MaxRuntimeExceeded') {
    return failed({
      code: 'TRAINING_FAILED',
      message: 'Training exceeded training.maxRuntimeMinutes.',
      hint: 'Raise it in mlops.config.ts, or train fewer epochs.',
    });
  }
  return failed({
    code: job.status === 'Stopped' ? 'TRAINING_STOPPED' : 'TRAINING_FAILED',
    message: job.failureReason ?? 'The training job ended without an error message.',
    hint: `/mlops logs ${runId} shows the end of its log.`,
  });
}
