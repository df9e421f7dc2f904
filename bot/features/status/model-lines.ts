import { formatDistanceStrict } from 'date-fns/formatDistanceStrict';
import type { ModelStatus } from '../../../pipeline/core/pipeline.ts';
import type { RegisteredVersion } from '../../../pipeline/core/ports.ts';
import type { Run, RunId } from '../../../pipeline/core/run.ts';
import { ago } from '../../blocks/ago.ts';
import { alertHeadline } from '../../blocks/alert-words.ts';
import { figure, metricTitles, plural, smallShare } from '../../blocks/format.ts';
import { headline, icon } from '../../blocks/headline.ts';
import { markLine } from '../../blocks/mark-line.ts';
import { byLine } from '../../blocks/retirement-line.ts';
import { bold, type Inline, type Line, link } from '../../blocks/rich-text.ts';

/** A model at a glance: what is live and since when, its endpoint, open alerts and runs. */
export function modelLines(
  status: ModelStatus,
  now: Date,
  /** Addresses of the cards of runs, by their ids. */
  links: ReadonlyMap<RunId, string> = new Map(),
): readonly Line[] {
  return [
    productionLine(status, now),
    status.rolledBack === null ? [] : markLine(status.rolledBack),
    endpointLine(status),
    inputsLine(status),
    ...status.alerts.slice(0, 3).map((alert): Line => [alertHeadline(alert)]),
    ...status.activeRuns.slice(0, 3).map((run): Line => [linked(run, links)]),
    lastRunsLine(status, now, links),
  ].filter((line) => line.length > 0);
}

function linked(run: Run, links: ReadonlyMap<RunId, string>): Inline {
  const address = links.get(run.id);
  return address === undefined ? headline(run) : link(address, headline(run));
}

function productionLine(status: ModelStatus, now: Date): Line {
  const { production } = status;
  if (status.retired !== null) return [bold('Not serving. '), ...byLine(status.retired)];
  if (production === null) return ['Nothing in production yet.'];
  const { version, since } = production;
  return [
    bold(`v${version.version}`),
    ` in production for ${formatDistanceStrict(new Date(since), now)}`,
    ...scoreParts(status, version, now),
  ];
}

/** Its newest score on fresh rows beside the one it was registered with. */
function scoreParts(
  { config, recentRuns }: ModelStatus,
  { version, metrics }: RegisteredVersion,
  now: Date,
): Line {
  const { metric } = config.gate;
  const registered = metrics[metric];
  const title = metricTitles[metric];
  const scored = recentRuns.find(
    ({ evaluation, evaluatedAgainst }) =>
      evaluatedAgainst === version && evaluation?.production?.metrics[metric] !== undefined,
  );
  const fresh = scored?.evaluation?.production?.metrics[metric];
  if (scored?.evaluation == null || fresh === undefined) {
    return registered === undefined
      ? []
      : [` · ${title} ${figure(registered)} when it was registered`];
  }
  return [
    ` · ${title} `,
    bold(figure(fresh)),
    ` on ${plural(scored.evaluation.rows, 'fresh row')} ${ago(scored.createdAt, now)}`,
    registered === undefined ? '' : ` (${figure(registered)} when it was registered)`,
  ];
}

function endpointLine({ endpoint }: ModelStatus): Line {
  if (endpoint === null) return [];
  const { status, invocations, serverErrors } = endpoint;
  const states = {
    Creating: '⏳ Creating the endpoint',
    Updating: '⏳ Updating the endpoint',
    InService: '🟢 Endpoint in service',
    Failed: '🔴 Endpoint failed',
  } as const;
  const failed = invocations === 0 ? '' : ` · ${smallShare(serverErrors / invocations)} failed`;
  return [`${states[status]} · ${plural(invocations, 'request')}${failed}`];
}

/** Why no alert on inputs will come; empty while one may. */
function inputsLine({ production, countsNoInputs }: ModelStatus): Line {
  if (production === null || countsNoInputs !== true) return [];
  const { version } = production.version;
  return [
    `Its inputs are not watched: v${version} is from before they were counted. A retrain ends that.`,
  ];
}

/** The last run in words, and the outcomes of those before it. */
function lastRunsLine(
  { activeRuns, recentRuns }: ModelStatus,
  now: Date,
  links: ReadonlyMap<RunId, string>,
): Line {
  const [last, ...earlier] = recentRuns;
  if (activeRuns.length > 0 || last === undefined) return [];
  const before = earlier.map(icon).join(' ');
  return [
    'Last run: ',
    linked(last, links),
    `, ${ago(last.updatedAt, now)}`,
    before === '' ? '' : ` · earlier: ${before}`,
  ];
}
