import type { StartRun } from '../../../pipeline/core/pipeline.ts';
import type { Actor, Run } from '../../../pipeline/core/run.ts';
import { givenSettings } from '../../../pipeline/core/run-settings.ts';
import { isStoppedByData } from '../../blocks/data-lines.ts';

/** The kind of run that repeats this one; null when repeating it would end the same way. */
export function nextAttempt(run: Run): 'retrain' | 'promote' | null {
  if (run.kind === 'rollback' || run.kind === 'retire') return null;
  if (isStoppedByData(run)) return 'retrain';
  switch (run.outcome) {
    case 'expired':
    case 'superseded':
      return run.version === null ? null : 'promote';
    case 'failed':
    case 'stopped':
      if (run.failure?.code === 'DATASET_INVALID') return null;
      if (run.version !== null) return 'promote';
      return run.kind === 'retrain' && run.dataset !== null ? 'retrain' : null;
    default:
      return null;
  }
}

/**
 * The request that repeats a run with its dataset, settings and version; null for a rollback. Of a run
 * that ended because of its data, it accepts them.
 */
export function sameAgain(
  run: Run,
  by: { readonly requestId: string; readonly requestedBy: Actor },
): StartRun | null {
  const common = { ...by, model: run.model, reason: run.reason };
  if (run.kind === 'promote' && run.version !== null) {
    return { ...common, kind: 'promote', version: run.version };
  }
  if (run.kind !== 'retrain') return null;
  const hyperparameters = Object.fromEntries(
    Object.entries(givenSettings(run)).map(([name, value]) => [name, String(value)]),
  );
  const { dataset, spot = null } = run;
  // One that knows its files has them in its dataset.
  const appends =
    run.appends === true && run.appending === undefined ? { appends: true as const } : {};
  const accepted =
    isStoppedByData(run) || run.acceptsData === true ? { acceptsData: true as const } : {};
  return {
    ...common,
    kind: 'retrain',
    dataset,
    hyperparameters,
    inherits: false,
    spot,
    ...appends,
    ...accepted,
  };
}
