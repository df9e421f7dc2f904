import { filesOf } from '../../core/appending.ts';
import type { ModelConfig } from '../../core/config.ts';
import type { DataChanges } from '../../core/data-contract/data-changes.ts';
import type { Failure } from '../../core/errors.ts';
import { keys } from '../../core/names.ts';
import type { EarlierVersion } from '../../core/ports.ts';
import type { PrepareReport } from '../../core/python-contract.ts';
import type { Dataset, Run } from '../../core/run.ts';
import { appendDataset, requireFiles } from '../append-dataset.ts';
import { compareWithProduction } from '../compare-data.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { anchorBeside } from '../gate-ledger.ts';
import { powerOf } from '../gate-power.ts';
import { loadRun } from '../load-run.ts';
import { currentProduction, type Production } from '../production.ts';
import { record } from '../record.ts';
import { resolveRunSettings } from '../resolve-run-settings.ts';
import { type Ending, failed, type RunContext } from '../run-context.ts';

/**
 * Validates, splits and compares the dataset; bad data, and data that differs too much from that of
 * production, ends the run here, before anything costs money.
 */
export async function prepare({
  runId,
  model,
  config,
  deps,
  step,
}: RunContext): Promise<Ending | null> {
  const failure = await step('prepare dataset', async () => {
    const run = await loadRun(deps, runId);
    if (run.settings === undefined) {
      const settings = await resolveRunSettings(deps, run);
      await record(deps, { type: 'SettingsResolved', runId, settings });
    }
    if (run.dataset === null) {
      return { code: 'DATASET_UNKNOWN' as const, message: 'The run has no dataset.', hint: null };
    }
    const live = await currentProduction(deps, model);
    const dataset = await withEarlierFiles(deps, run, run.dataset, live);
    const report = await deps.preparer.prepare({
      inputKey: dataset.key,
      fileName: dataset.fileName,
      appendTo: filesOf(dataset)
        .slice(0, -1)
        .map(({ key, fileName }) => ({ inputKey: key, fileName })),
      outputPrefix: keys.prepared(runId),
      task: config.task,
      labelColumn: config.columns.label,
      textColumn: config.columns.text ?? null,
      groupColumn: config.data.group ?? null,
      timeColumn: config.data.time ?? null,
      sliceColumns: config.gate.slices,
      onConflict: config.data.onConflict,
      earlier: await earlierVersions(deps, model, live),
    });
    requireFiles(dataset, report);
    const production = report.status === 'ok' ? live : null;
    const changes = await compareWithProduction(deps, { run, config, report, production });
    const power =
      changes?.action === 'stop'
        ? null
        : await powerOf(deps, { model, policy: config.gate, report, production });
    // A repeated step finds what the first one recorded.
    const recorded = await record(deps, {
      type: 'DatasetPrepared',
      runId,
      report: withoutProfile(report),
      ...(power === null ? {} : { power }),
      ...(changes === null ? {} : { changes }),
    });
    return problemOf(recorded, config);
  });
  if (failure?.code === 'DATASET_CHANGED') return { outcome: 'blocked', failure };
  return failure && failed(failure);
}

/** A repeated step finds the files that the first one recorded, whatever was dropped meanwhile. */
async function withEarlierFiles(
  deps: FlowDeps,
  run: Run,
  dataset: Dataset,
  live: Production | null,
): Promise<Dataset> {
  if (run.appends !== true || run.appending !== undefined) return dataset;
  const appended = await appendDataset(deps, run, dataset, live);
  await record(deps, { type: 'DatasetAppended', runId: run.id, ...appended });
  return appended.dataset;
}

/** Those that the candidate will be compared with, and what they were trained on. */
async function earlierVersions(
  deps: FlowDeps,
  model: string,
  production: Production | null,
): Promise<readonly EarlierVersion[]> {
  if (production === null) return [];
  const { version, registered } = production;
  const best = await anchorBeside(deps, model, { production: version, candidate: null });
  const anchor = best === null ? null : await deps.registry.get(model, best);
  return [registered, ...(anchor === null ? [] : [anchor])].map((each) => ({
    version: each.version,
    prefix: keys.prepared(each.runId),
  }));
}

function withoutProfile({ profile: _, ...report }: PrepareReport): PrepareReport {
  return report;
}

function problemOf(run: Run, config: ModelConfig): Failure | null {
  const { prepared, dataChanges } = run;
  const first = prepared?.errors[0];
  if (prepared?.status !== 'ok' && first !== undefined) {
    return { code: 'DATASET_INVALID', message: first.message, hint: first.hint };
  }
  return dataChanges?.action === 'stop' ? stoppedBy(dataChanges, run, config) : null;
}

function stoppedBy(
  { against, changes }: DataChanges,
  { id, model, dataset }: Run,
  { approval }: ModelConfig,
): Failure {
  const decisive = changes.filter(({ action }) => action === 'stop');
  const reasons = decisive.map(({ reason }) => reason).join(' ');
  const isLabels = decisive.some(({ kind }) => kind === 'labels');
  const afterwards =
    approval.mode === 'people'
      ? 'people then decide whether it goes live'
      : isLabels
        ? 'set approval.mode to people before, because automatic approval never changes the labels'
        : 'a pass of the gate then goes live by itself';
  return {
    code: 'DATASET_CHANGED',
    message: `Not trained, because the data differs from that of v${against}. ${reasons}`,
    hint: [
      ...(decisive.some(({ kind }) => kind === 'shrank') && dataset?.files === undefined
        ? [
            `If these are only new rows, /mlops retrain ${model} dataset=${dataset?.version} append=yes adds them to the data of v${against}.`,
          ]
        : []),
      `“Train anyway” or /mlops retry ${id} trains on it${dataset?.files === undefined ? ' alone' : ''}; ${afterwards}.`,
    ].join(' '),
  };
}
