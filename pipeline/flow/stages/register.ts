import { createHash } from 'node:crypto';
import { MlopsError } from '../../core/errors.ts';
import { isBlocking } from '../../core/gate/verdict.ts';
import { keys } from '../../core/names.ts';
import { sourceOf } from '../../core/run.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { loadRun } from '../load-run.ts';
import { keepModelCard, makeModelCard } from '../model-card.ts';
import { record } from '../record.ts';
import { isDefect } from '../retry-policy.ts';
import type { Ending, RunContext } from '../run-context.ts';

/** Makes the candidate a version of the model, with metrics, lineage, the digest approvals bind to and a model card. */
export async function register({
  runId,
  model,
  config,
  deps,
  step,
}: RunContext): Promise<Ending | null> {
  await step('register version', async () => {
    const run = await loadRun(deps, runId);
    const { artifact, evaluation, verdict, dataset } = run;
    const source = sourceOf(run);
    if (artifact === null || evaluation === null || verdict === null || dataset === null) {
      throw new MlopsError('CONTRACT_BROKEN', 'The run has no complete model to register.');
    }
    if (isBlocking(verdict)) {
      throw new MlopsError(
        'APPROVAL_MISSING',
        'A candidate that the gate blocked is never registered.',
      );
    }
    const { metrics } = evaluation.candidate;
    const registered = await deps.registry.register({
      model,
      runId,
      createdAt: deps.clock.now().toISOString(),
      recipe: config.recipe,
      artifact,
      digest: sha256({ artifact: artifact.sha256, metrics, verdict: verdict.outcome }),
      metrics,
      verdict: verdict.outcome,
      datasetVersion: dataset.version,
      ...(source === null ? {} : { source }),
      smokeKey: keys.evaluation(runId, 'smoke.json'),
      cardKey: keys.modelCard(runId, 'md'),
    });
    await writeCard(deps, { run, version: registered, config });
    const { version } = registered;
    await record(deps, { type: 'VersionRegistered', runId, version });
    return null;
  });
  return null;
}

/** A step that is repeated writes the same bytes. Only a defect of ours does without: the model is paid. */
async function writeCard(
  deps: FlowDeps,
  facts: Parameters<typeof makeModelCard>[1],
): Promise<void> {
  const { id: runId } = facts.run;
  try {
    await keepModelCard(deps, runId, await makeModelCard(deps, facts));
  } catch (error) {
    if (!(error instanceof Error && isDefect(error))) throw error;
    const message = 'The model card could not be written.';
    deps.logError({ message, runId, step: 'register version', error });
  }
}

function sha256(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
