import { evaluationOutputs, trainingOutputs } from '../flow/job-outputs.ts';
import type { JobControl } from './sagemaker-server/training-jobs.ts';

export async function trainStraight(job: JobControl): Promise<void> {
  job.train();
  job.progress(100, 100);
  await finishTraining(job);
}

export function finishTraining(job: JobControl): Promise<void> {
  return job.complete({ model: { 'model.json': job.name }, output: trainingOutputs() });
}

export function evaluateWell(job: JobControl): Promise<void> {
  job.train();
  const channels = (job.request.InputDataConfig ?? []).map(({ ChannelName }) => ChannelName);
  const production = channels.includes('production') ? 0.95 : null;
  return job.complete({ output: evaluationOutputs({ candidate: 0.95, production }) });
}
