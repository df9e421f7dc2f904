import type { Pipeline, StartedRun } from '../../core/pipeline.ts';
import type { Actor, Dataset } from '../../core/run.ts';

/** A stored dataset that was dropped for a model. */
export interface DroppedDataset {
  readonly dataset: Dataset;
  readonly model: string;
  readonly requestedBy: Actor;
}

/** Starts the run of a dataset. The same content for the same model returns its earlier run. */
export function startFromDataset(
  pipeline: Pick<Pipeline, 'startRun'>,
  { dataset, model, requestedBy }: DroppedDataset,
): Promise<StartedRun> {
  return pipeline.startRun({
    kind: 'retrain',
    requestId: `dataset ${dataset.version}`,
    model,
    requestedBy,
    reason: null,
    dataset,
    hyperparameters: {},
  });
}
