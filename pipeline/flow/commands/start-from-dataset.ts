import type { Config } from '../../core/config.ts';
import type { NewFile } from '../../core/data-contract/data-policy.ts';
import type { Pipeline, StartedRun } from '../../core/pipeline.ts';
import type { Actor, Dataset } from '../../core/run.ts';

/** A stored dataset that was dropped for a model. */
export interface DroppedDataset {
  readonly dataset: Dataset;
  readonly model: string;
  readonly requestedBy: Actor;
  /** What the drop itself says; left out: as the configuration of the model says. */
  readonly newFile?: NewFile;
}

/**
 * Starts the run of a dataset. The same content for the same model returns its earlier run, unless it
 * replaced the data then and is to be appended now, or the other way round.
 */
export function startFromDataset(
  {
    pipeline,
    config,
  }: {
    readonly pipeline: Pick<Pipeline, 'startRun'>;
    readonly config: Pick<Config, 'models'>;
  },
  { dataset, model, requestedBy, newFile }: DroppedDataset,
): Promise<StartedRun> {
  const appends = (newFile ?? config.models[model]?.data.onNewFile) === 'append';
  return pipeline.startRun({
    kind: 'retrain',
    requestId: `${appends ? 'append' : 'dataset'} ${dataset.version}`,
    model,
    requestedBy,
    reason: null,
    dataset,
    ...(appends ? { appends } : {}),
    hyperparameters: {},
  });
}
