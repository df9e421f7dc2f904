import type { KnownBlock } from '@slack/types';
import type { ModelStatus } from '../../../pipeline/core/pipeline.ts';
import { hasEnded, type Run } from '../../../pipeline/core/run.ts';
import { ago } from '../../blocks/ago.ts';
import { headline } from '../../blocks/headline.ts';
import { itemWithMenu, type MenuItem } from '../../blocks/menu.ts';
import { lineText } from '../../blocks/plain-text.ts';
import { bold, lines } from '../../blocks/rich-text.ts';
import { alertLine } from '../alerts/alerts-message.ts';

/** With more, the command lists the rest. */
const MOST_WRONG = 6;

/** Whether something about a model needs a look: an alert, its endpoint, or how its last run ended. */
export function isWrong(status: ModelStatus): boolean {
  return liveProblems(status).length > 0 || runProblems(status, new Date(0)).length > 0;
}

/** What is wrong in the fleet, each with what can be done; one line when nothing is. */
export function wrongBlocks(fleet: readonly ModelStatus[], now: Date): readonly KnownBlock[] {
  const all = [...fleet.flatMap(liveProblems), ...fleet.flatMap((each) => runProblems(each, now))];
  if (all.length === 0) return fleet.length === 0 ? [] : [lines(['Nothing is wrong.'])];
  const rest = all.length - MOST_WRONG;
  return [
    lines([bold(all.length === 1 ? 'One thing is wrong' : `${all.length} things are wrong`)]),
    ...all.slice(0, MOST_WRONG),
    ...(rest > 0 ? [lines([`and ${rest} more: choose “Something is wrong” below`])] : []),
  ];
}

/** What is wrong with what answers requests; these come first. */
function liveProblems(status: ModelStatus): readonly KnownBlock[] {
  const { name, alerts, config, endpoint } = status;
  const menu = menuOf(status);
  return [
    ...alerts.map((alert) => itemWithMenu(lineText(alertLine(alert, config.gate.metric)), menu)),
    ...(endpoint?.status === 'Failed'
      ? [itemWithMenu(`🔴 ${name}: its endpoint failed`, menu)]
      : []),
  ];
}

/** How the last run ended, when it ended badly and no other is under way. */
function runProblems(status: ModelStatus, now: Date): readonly KnownBlock[] {
  const [last] = status.recentRuns;
  if (last === undefined || status.activeRuns.length > 0 || !endedBadly(last)) return [];
  return [itemWithMenu(`${headline(last)}, ${ago(last.updatedAt, now)}`, menuOf(status))];
}

function endedBadly(run: Run): boolean {
  const isBad = run.outcome === 'failed' || run.outcome === 'blocked';
  return hasEnded(run) && (isBad || run.deployment?.revertedAt != null);
}

function menuOf({ name, rollbackTo }: ModelStatus): readonly (MenuItem | null)[] {
  return [
    { label: 'Why?', command: `why ${name}` },
    { label: 'Versions', command: `versions ${name}` },
    { label: 'Runs', command: `runs ${name}` },
    rollbackTo === null
      ? null
      : { label: `Roll back to v${rollbackTo}…`, command: `rollback ${name}` },
  ];
}
