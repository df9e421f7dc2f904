import { refuseDecision } from '../../../pipeline/core/approval.ts';
import type { Run } from '../../../pipeline/core/run.ts';
import { isWaitingForApproval } from '../../blocks/headline.ts';
import { readRun } from '../../interaction/arguments.ts';
import type { CommandInput } from '../../interaction/command.ts';

/**
 * The waiting runs that a word means: those the caller may decide if there are any, otherwise all. A
 * word that names a run means that one. @throws {MlopsError} `RUN_UNKNOWN` when there is none.
 */
export async function findWaiting(
  { tools, caller }: Pick<CommandInput, 'tools' | 'caller'>,
  word: string | undefined,
): Promise<readonly Run[]> {
  const name = word?.toLowerCase() ?? '';
  const isModel = Object.hasOwn(tools.config.models, name);
  if (word !== undefined && !isModel) return [await readRun(tools, word, 'waiting')];
  const active = await tools.pipeline.listRuns({
    ended: false,
    ...(isModel ? { model: name } : {}),
  });
  const waiting = active.filter(isWaitingForApproval);
  const { actor, memberOf } = caller;
  const now = tools.clock.now();
  const mine = waiting.filter((run) => {
    const digest = run.approval?.digest ?? '';
    return refuseDecision(run, { by: actor, memberOf, digest, now }) === null;
  });
  const found = mine.length > 0 ? mine : waiting;
  return found.length > 0 ? found : [await readRun(tools, word, 'waiting')];
}
