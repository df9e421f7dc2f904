import type { Instant, Run } from '../run.ts';
import { deploymentsOf } from './changes-before.ts';
import type { AlertAction } from './production-changes.ts';

/** More is not listed at the end of an alert. */
const MOST_ACTIONS = 10;

/** What was done to production of the model in that time, oldest first, the newest when it is much. */
export function actionsDuring(
  {
    model,
    since,
    until,
  }: { readonly model: string; readonly since: Instant; readonly until: Instant },
  runs: readonly Run[],
): readonly AlertAction[] {
  return runs
    .filter((run) => run.model === model)
    .flatMap((run) => [...deploymentsOf(run), ...retirementOf(run, until)])
    .filter(({ at }) => at >= since && at <= until)
    .sort((a, b) => a.at.localeCompare(b.at))
    .slice(-MOST_ACTIONS);
}

/** A run that is still on its way ends the alert itself. */
function retirementOf(run: Run, until: Instant): readonly AlertAction[] {
  const { id, kind, outcome, endedAt, requestedBy, reason } = run;
  if (kind !== 'retire' || (outcome !== null && outcome !== 'retired')) return [];
  return [{ kind: 'retirement', at: endedAt ?? until, runId: id, by: requestedBy, reason }];
}
