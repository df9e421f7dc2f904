import { sampleRuns } from '../../bot/gallery/sample-runs.ts';
import type { Run } from '../../pipeline/core/run.ts';

const samples = sampleRuns();

/** The sample run in that state. */
export function sample(name: string): Run {
  const run = samples[name];
  if (run === undefined) throw new Error(`There is no sample run “${name}”.`);
  return run;
}
