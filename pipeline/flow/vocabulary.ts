import type { FlowDeps } from './flow-deps.ts';

/** The labels a version was trained on; null when its run's record no longer exists. */
export async function vocabularyOf(
  { registry, runs }: Pick<FlowDeps, 'registry' | 'runs'>,
  model: string,
  version: number | null,
): Promise<readonly string[] | null> {
  const registered = version === null ? null : await registry.get(model, version);
  const run = registered === null ? null : await runs.get(registered.runId);
  return run?.prepared == null ? null : Object.keys(run.prepared.labels);
}
