import { MlopsError } from '../../pipeline/core/errors.ts';
import type { PipelineControls } from '../workspace-page/pipeline-controls.ts';

/**
 * Interrupts the training job of a model, or any when none is named. @throws {MlopsError} `CONFLICT`
 * when none is running.
 */
export async function interruptModel(
  controls: Pick<PipelineControls, 'runningJobs' | 'interrupt'>,
  model: string | undefined,
): Promise<{ message: string }> {
  if (model === undefined) return controls.interrupt();
  const job = (await controls.runningJobs()).find((each) => each.model === model);
  if (job !== undefined) return controls.interrupt(job.name);
  throw new MlopsError('CONFLICT', `No training job of ${model} is running.`, {
    hint: `/mlops retrain ${model} starts one; interrupt it while its progress bar is moving.`,
  });
}
