import { MlopsError } from '../errors.ts';
import type { RegisteredVersion } from '../ports.ts';
import { deployedVersion, type Run, type RunId } from '../run.ts';
import { newestDeploymentFirst, undoneBy } from './undone.ts';
import { markOf, markSentence } from './version-mark.ts';

/** How many deployments a rollback can go back. */
export const MOST_DEPLOYMENTS = 200;

/** What the decision is made from. */
export interface RollbackRecords {
  getRun(id: RunId): Promise<Run | null>;
  listRuns(query: {
    readonly model: string;
    readonly deployed: true;
    readonly limit: number;
  }): Promise<readonly Run[]>;
}

/**
 * Why a rollback may not go to the version; null when it may. It skips the approval, so it only goes
 * back, to a version that was live and healthy and that no one took out of production or rejected
 * since. `live` is the version in production; null while nothing is.
 */
export async function refuseRollback(
  records: RollbackRecords,
  live: number | null,
  target: RegisteredVersion,
): Promise<MlopsError | null> {
  const { model, version } = target;
  if (version === live) return refusal(`${model} v${version} is already in production.`, null);
  const promote = `/mlops promote ${model} ${version} requests a new approval for it.`;
  const runs = await records.listRuns({ model, deployed: true, limit: MOST_DEPLOYMENTS });
  const history = newestDeploymentFirst(runs);
  const takenBy = target.rolledBackBy ?? undoneBy(history, version);
  const why = takenBy === null ? null : whyOut(model, version, await records.getRun(takenBy));
  if (why !== null) return refusal(why, promote);
  if (!(await wasLive(records, history, target))) {
    return refusal(
      `${model} v${version} was never live.`,
      `/mlops promote ${model} ${version} requests approval for it.`,
    );
  }
  if (target.approval === 'Rejected') {
    const note = target.approvalNote === null ? '' : ` (${target.approvalNote})`;
    return refusal(`${model} v${version} was rejected${note}.`, promote);
  }
  if (live !== null && version > live) {
    return refusal(
      `${model} v${version} is newer than v${live}, which is in production.`,
      `A rollback only goes back. ${promote}`,
    );
  }
  return null;
}

function whyOut(model: string, version: number, taken: Run | null): string {
  const mark = taken && markOf(taken);
  if (mark === null) return `${model} v${version} was rolled back before.`;
  const lifted = mark.lifted === null ? '' : ` ${mark.lifted.by.name} lifted the mark since.`;
  return `${markSentence(model, mark)}${lifted}`;
}

async function wasLive(
  { getRun }: RollbackRecords,
  history: readonly Run[],
  { version, runId }: RegisteredVersion,
): Promise<boolean> {
  if (history.some((run) => run.deployment?.to === version)) return true;
  // The history is long: perhaps the run that registered the version deployed it.
  const made = await getRun(runId);
  return made !== null && deployedVersion(made) === version;
}

export const nothingLive = (model: string): MlopsError =>
  refusal(`${model} has nothing in production yet.`, listed(model));

/** There is no earlier version that may go live again without an approval. */
export const nothingBefore = (model: string): MlopsError =>
  refusal(
    `${model} has no earlier version to go back to.`,
    `${listed(model)} /mlops promote ${model} requests approval for one.`,
  );

const listed = (model: string) => `/mlops versions ${model} lists the registered versions.`;

function refusal(message: string, hint: string | null): MlopsError {
  return new MlopsError('NOTHING_TO_ROLL_BACK', message, hint === null ? {} : { hint });
}
