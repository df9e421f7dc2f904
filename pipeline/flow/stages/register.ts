import { createHash } from 'node:crypto';
import { MlopsError } from '../../core/errors.ts';
import { isBlocking } from '../../core/gate/verdict.ts';
import { keys } from '../../core/names.ts';
import { sourceOf } from '../../core/run.ts';
import { loadRun } from '../load-run.ts';
import { record } from '../record.ts';
import type { Ending, RunContext } from '../run-context.ts';

/** Makes the candidate a version of the model, with metrics, lineage and the digest approvals bind to. */
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
    const { version } = await deps.registry.register({
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
    });
    await record(deps, { type: 'VersionRegistered', runId, version });
    return null;
  });
  return null;
}

function sha256(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
