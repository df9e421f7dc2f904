import { type AnsweredRows, unseenRows } from '../../core/alert/judge-new-rows.ts';
import type { RegisteredVersion } from '../../core/ports.ts';
import type { RunId } from '../../core/run.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { predictionsOf } from '../gate-case.ts';
import { rowsSeenBy, seenInRun } from '../seen-rows.ts';

/** What production answered to rows that are new since it was trained, and to those it was judged on. */
export interface AnswersToNewRows {
  readonly fresh: AnsweredRows;
  readonly before: AnsweredRows;
}

/**
 * New are the held-out rows of the run that the run of the version did not have, without those that the
 * version was trained on, exactly or nearly. Null when production did not answer, or its own answers are
 * no longer stored.
 */
export async function answersToNewRows(
  deps: Pick<FlowDeps, 'artifacts'>,
  run: { readonly runId: RunId; readonly production: Pick<RegisteredVersion, 'runId' | 'version'> },
): Promise<AnswersToNewRows | null> {
  const [now, own] = [
    await predictionsOf(deps, run.runId),
    await predictionsOf(deps, run.production.runId),
  ];
  if (now === null || own === null) return null;
  const trainedOn = rowsSeenBy(await seenInRun(deps, run.runId), run.production.version);
  const fresh = unseenRows(now, new Set([...own.id, ...(trainedOn ?? [])]));
  return fresh && { fresh, before: { label: own.label, answer: own.candidate } };
}
