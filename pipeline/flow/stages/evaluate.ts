import { baselineFor } from '../../core/baseline.ts';
import { MlopsError } from '../../core/errors.ts';
import { jobName, keys } from '../../core/names.ts';
import type { JobSpec } from '../../core/ports.ts';
import {
  evaluationSchema,
  parseContract,
  referenceSchema,
  smokeSchema,
} from '../../core/python-contract.ts';
import type { NewRows, RunId } from '../../core/run.ts';
import { answersToNewRows } from '../alerts/new-rows.ts';
import { observeEvaluation } from '../alerts/observe-evaluation.ts';
import { anchorBeside } from '../gate-ledger.ts';
import { loadRun } from '../load-run.ts';
import { currentProduction } from '../production.ts';
import { record } from '../record.ts';
import { type Ending, failed, type RunContext, stopped } from '../run-context.ts';
import type { EndedJob } from './ended-job.ts';
import { runJob } from './job.ts';

/** Files the evaluation leaves; the gate and the verification of the endpoint read them later. */
const outputs = ['evaluation.json', 'predictions.csv', 'smoke.json'] as const;
/** Written for recipes whose inputs are counted; the watch on drift reads it. */
const reference = 'reference.json';

/** Scores the candidate and the production model on the same held-out rows, in a job of its own. */
export async function evaluate(context: RunContext): Promise<Ending | null> {
  const { runId, step } = context;
  const plan: EvaluationPlan = await step('plan evaluation', () => planEvaluation(context));
  // Left out in histories from before.
  const { fallsBack = context.config.training.whenNoCapacity === 'on-demand' } = plan;
  let { spec } = plan;
  let job = await runJob(context, spec);
  if (hadNoCapacity(job) && fallsBack && !job.stopRequested) {
    spec = { ...spec, name: jobName(runId, 'evaluate', 2), spot: false };
    job = await runJob(context, { ...spec, maxWaitSeconds: spec.maxRuntimeSeconds });
  }
  if (job.status !== 'Completed') return endingOf(runId, job);
  await step('collect evaluation', () => collect(context, { ...plan, spec }, job));
  await step('compare production with its deployment', async () => {
    await observeEvaluation(context.deps, runId);
    return null;
  });
  return null;
}

function hadNoCapacity({ secondaryStatus }: EndedJob): boolean {
  return secondaryStatus === 'MaxWaitTimeExceeded';
}

function endingOf(runId: RunId, job: EndedJob): Ending {
  if (job.stopRequested) return stopped;
  if (hadNoCapacity(job)) {
    return failed({
      code: 'CAPACITY_UNAVAILABLE',
      message: 'No Spot capacity became available in time for the evaluation.',
      hint: 'Try again later, or set training.whenNoCapacity to "on-demand" in mlops.config.ts.',
    });
  }
  return failed({
    code: 'EVALUATION_FAILED',
    message: job.failureReason ?? 'The evaluation job ended without an error message.',
    hint: `/mlops logs ${runId} shows the end of its log.`,
  });
}

async function planEvaluation({ runId, model, config, deps }: RunContext) {
  const run = await loadRun(deps, runId);
  if (run.artifact === null) throw new MlopsError('CONTRACT_BROKEN', 'There is no trained model.');
  const production = await currentProduction(deps, model);
  const anchor = await anchorOf(deps, model, production?.version ?? null);
  const spec: JobSpec = {
    name: jobName(runId, 'evaluate', 1),
    kind: 'evaluate',
    runId,
    model,
    script: 'evaluate_model.py',
    recipe: config.recipe,
    channels: {
      test: `${keys.prepared(runId)}test.jsonl`,
      candidate: run.artifact.key,
      train: `${keys.prepared(runId)}train.jsonl`,
      ...(production === null ? {} : { production: production.registered.artifact.key }),
      ...(anchor === null ? {} : { anchor: anchor.artifact.key }),
    },
    hyperparameters: {
      baseline: baselineFor({
        ...config,
        hyperparameters: run.training?.metrics?.hyperparameters ?? {},
      }),
    },
    outputPrefix: keys.jobOutput(runId),
    checkpointPrefix: null,
    instanceType: 'ml.m5.large',
    spot: run.spot ?? config.training.spot,
    maxRuntimeSeconds: 3600,
    maxWaitSeconds: 7200,
  };
  const versions = { against: production?.version ?? null, anchor: anchor?.version ?? null };
  return { spec, ...versions, fallsBack: config.training.whenNoCapacity === 'on-demand' };
}

/** The best version so far, as long as the registry has it. */
async function anchorOf(deps: RunContext['deps'], model: string, production: number | null) {
  const version = await anchorBeside(deps, model, { production, candidate: null });
  return version === null ? null : deps.registry.get(model, version);
}

interface EvaluationPlan extends Plan {
  readonly spec: JobSpec;
  readonly fallsBack?: boolean;
}

interface Plan {
  readonly spec: Pick<JobSpec, 'name'>;
  readonly against: number | null;
  readonly anchor?: number | null;
}

async function collect(
  { runId, deps, model, config }: RunContext,
  // A plan from before anchors has none.
  { spec: { name }, against, anchor = null }: Plan,
  job: EndedJob,
): Promise<null> {
  const texts = new Map<string, string>();
  for (const file of outputs) {
    const bytes = await deps.jobs.output(name, file);
    if (bytes === null)
      throw new MlopsError('CONTRACT_BROKEN', `The evaluation did not write ${file}.`);
    await deps.artifacts.put(keys.evaluation(runId, file), bytes);
    texts.set(file, new TextDecoder().decode(bytes));
  }
  const histograms = await deps.jobs.output(name, reference);
  if (histograms !== null) {
    parseContract(referenceSchema, reference, new TextDecoder().decode(histograms));
    await deps.artifacts.put(keys.evaluation(runId, reference), histograms);
  }
  parseContract(smokeSchema, 'smoke.json', texts.get('smoke.json') ?? '');
  const evaluation = parseContract(
    evaluationSchema,
    'evaluation.json',
    texts.get('evaluation.json') ?? '',
  );
  const newRows = await countNewRows({ runId, deps, model, config }, against);
  await record(deps, {
    type: 'EvaluationCompleted',
    runId,
    evaluation,
    against,
    anchor,
    ...(newRows === null ? {} : { newRows }),
    ...(histograms === null ? {} : { hasReference: true as const }),
    runningSeconds: job.runningSeconds,
    waitingSeconds: job.waitingSeconds,
  });
  return null;
}

/** How many of the held-out rows production can be watched on; null when that is not known. */
async function countNewRows(
  { runId, deps, model, config }: Pick<RunContext, 'runId' | 'deps' | 'model' | 'config'>,
  against: number | null,
): Promise<NewRows | null> {
  const production = against === null ? null : await deps.registry.get(model, against);
  const answers = production && (await answersToNewRows(deps, { runId, production }));
  return answers && { rows: answers.fresh.label.length, minimum: config.alerts.minimumRows };
}
