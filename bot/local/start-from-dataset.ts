import type { Pipeline, StartedRun } from '../../pipeline/core/pipeline.ts';
import type { DroppedDataset } from '../../pipeline/local/inbox.ts';

/** Starts the run of a dataset. The same content for the same model finds the run it had before. */
export function startFromDataset(
  pipeline: Pipeline,
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
