import { keys } from '../../core/names.ts';
import { powerOf } from '../gate-power.ts';
import { loadRun } from '../load-run.ts';
import { record } from '../record.ts';
import { resolveRunSettings } from '../resolve-run-settings.ts';
import { type Ending, failed, type RunContext } from '../run-context.ts';

/** Validates and splits the dataset; bad data ends the run here, before anything costs money. */
export async function prepare({
  runId,
  model,
  config,
  deps,
  step,
}: RunContext): Promise<Ending | null> {
  const failure = await step('prepare dataset', async () => {
    const run = await loadRun(deps, runId);
    const { dataset } = run;
    if (run.settings === undefined) {
      const settings = await resolveRunSettings(deps, run);
      await record(deps, { type: 'SettingsResolved', runId, settings });
    }
    if (dataset === null) {
      return { code: 'DATASET_UNKNOWN' as const, message: 'The run has no dataset.', hint: null };
    }
    const report = await deps.preparer.prepare({
      inputKey: dataset.key,
      fileName: dataset.fileName,
      outputPrefix: keys.prepared(runId),
      task: config.task,
      labelColumn: config.columns.label,
      textColumn: config.columns.text ?? null,
    });
    const power = await powerOf(deps, model, config.gate, report);
    await record(deps, {
      type: 'DatasetPrepared',
      runId,
      report,
      ...(power === null ? {} : { power }),
    });
    const first = report.errors[0];
    if (report.status === 'ok' || first === undefined) return null;
    return { code: 'DATASET_INVALID' as const, message: first.message, hint: first.hint };
  });
  return failure && failed(failure);
}
