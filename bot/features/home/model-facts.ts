import { formatDistanceStrict } from 'date-fns/formatDistanceStrict';
import type { ModelStatus } from '../../../pipeline/core/pipeline.ts';
import { costOf } from '../../../pipeline/core/pricing.ts';
import type { Decision, Run } from '../../../pipeline/core/run.ts';
import { actorName } from '../../blocks/actor.ts';
import { ago } from '../../blocks/ago.ts';
import { figure, metricTitles, plural } from '../../blocks/format.ts';
import { icon } from '../../blocks/headline.ts';
import { about } from '../../blocks/money.ts';

/** What the Home tab needs to know about a model beyond its status. */
export interface FleetModel {
  readonly status: ModelStatus;
  /** The run that put the production version live, where its decision is not among the recent runs. */
  readonly maker: Run | null;
  /** EventBridge Scheduler expression of its regular retraining; null: none. */
  readonly schedule: string | null;
}

/** The state of a model as one emoji, the worst first. */
export function modelIcon({ alerts, endpoint, activeRuns, production, retired }: ModelStatus) {
  const [run] = activeRuns;
  if (alerts.length > 0 || endpoint?.status === 'Failed') return '🚨';
  if (run !== undefined) return icon(run);
  if (production !== null) return '✅';
  return retired === null ? '⚪' : '📦';
}

/** What is live and how good it is: `v7 · Macro-F1 0.941 on fresh rows, steady`. */
export function scoreWords(status: ModelStatus): string {
  const { production, config, retired } = status;
  if (retired !== null) return 'retired';
  if (production === null) return 'nothing in production yet';
  const { version, metrics } = production.version;
  const { metric } = config.gate;
  const registered = metrics[metric];
  const fresh = freshScore(status);
  const score = fresh?.value ?? registered;
  if (score === undefined) return `v${version}`;
  const where = fresh === null ? 'when registered' : `on ${plural(fresh.rows, 'fresh row')}`;
  const trend =
    fresh === null || registered === undefined ? '' : `, ${trendWord(fresh, registered)}`;
  return `v${version} · ${metricTitles[metric]} ${figure(score)} ${where}${trend}`;
}

interface Score {
  readonly value: number;
  readonly rows: number;
}

/** The score of the production version in the newest run that evaluated it. */
function freshScore({ production, recentRuns, config }: ModelStatus): Score | null {
  for (const { evaluation, evaluatedAgainst } of recentRuns) {
    const value = evaluation?.production?.metrics[config.gate.metric];
    if (evaluation === null || value === undefined) continue;
    if (evaluatedAgainst === production?.version.version) return { value, rows: evaluation.rows };
  }
  return null;
}

/**
 * The two were scored on different rows, so a trend is a difference beyond about two standard errors
 * of a share on so many rows.
 */
function trendWord({ value, rows }: Score, registered: number): string {
  const error = Math.sqrt((2 * registered * (1 - registered)) / Math.max(1, rows));
  const change = value - registered;
  if (Math.abs(change) <= 2 * error) return `steady (${figure(registered)} when registered)`;
  const word = change < 0 ? '↘ falling' : '↗ rising';
  return `${word} (${figure(registered)} when registered)`;
}

/** The last decision and by whom, the cost of the month and the next retraining; parts unknown are left out. */
export function recordWords(model: FleetModel, now: Date): readonly string[] {
  return [
    decisionWords(model, now),
    costWords(model.status, now),
    scheduleWords(model, now),
  ].filter((part) => part !== '');
}

function decisionWords({ status, maker }: FleetModel, now: Date): string {
  const last = lastDecision([...status.recentRuns, ...(maker === null ? [] : [maker])]);
  if (last === null) return '';
  const { run, decision } = last;
  const verb = decision.outcome === 'approved' ? 'approved' : 'rejected';
  return `${actorName(decision.by)} ${verb} v${run.version} ${ago(decision.at, now)}`;
}

/** The newest decision of these runs; null where people have decided nothing. */
export function lastDecision(runs: readonly Run[]): { run: Run; decision: Decision } | null {
  return runs
    .flatMap((run) => (run.approval?.decisions ?? []).map((decision) => ({ run, decision })))
    .reduce<{ run: Run; decision: Decision } | null>(
      (last, each) => (last === null || each.decision.at > last.decision.at ? each : last),
      null,
    );
}

/** Runs that a status has at most. */
const MOST_RECENT = 5;

/** From the recent runs, which are read anyway: of a busy month it is the least it can have been. */
function costWords({ recentRuns }: ModelStatus, now: Date): string {
  const month = now.toISOString().slice(0, 7);
  const inMonth = recentRuns.filter(({ createdAt }) => createdAt.startsWith(month));
  const cost = costOf(inMonth);
  if (cost === null) return inMonth.length === 0 ? 'no runs this month' : '';
  const isPartial = inMonth.length >= MOST_RECENT;
  return cost.billed > 0
    ? `${isPartial ? 'at least ' : ''}${about(cost.billed)} this month`
    : `$0.00 this month (${about(cost.notBilled)} on AWS)`;
}

const RATE = /^rate\((\d+) (minute|hour|day)s?\)$/;
const unitHours = { minute: 1 / 60, hour: 1, day: 24 } as const;

function scheduleWords({ status, schedule }: FleetModel, now: Date): string {
  if (schedule === null) return '';
  const [, number, unit] = RATE.exec(schedule) ?? [];
  if (number === undefined || unit === undefined) return `retrains at ${schedule}`;
  const hours = Number(number) * unitHours[unit as keyof typeof unitHours];
  const every = `retrains every ${plural(Number(number), unit)}`;
  const last = status.recentRuns.find(({ requestedBy }) => requestedBy.name === 'schedule');
  if (last === undefined) return every;
  const next = new Date(Date.parse(last.createdAt) + hours * 3_600_000);
  return next <= now ? every : `${every}, next in ${formatDistanceStrict(now, next)}`;
}
