import type { DataChange } from '../data-contract/data-changes.ts';
import { type Instant, type Run, stageOf } from '../run.ts';
import type { Observation } from './alert.ts';
import type { Change, DeploymentChange, PrecedingChange } from './production-changes.ts';

/** The looks at a figure up to the breach in a row that opens its alert, which began `since`. */
interface FirstBreach {
  readonly model: string;
  readonly observations: readonly Observation[];
  readonly since: Instant;
}

/** A change that is older says little of an alert. */
export const CHANGE_WINDOW_HOURS = 24;
/** More is not named: three changes in a row explain nothing. */
const MOST_CHANGES = 3;
const MOST_DIFFERENCES = 3;
/** Traffic has shifted when so many times the requests of the looks before come in a minute. */
const TRAFFIC_FACTOR = 2;
/** Fewer looks before do not show what is usual. */
const LOOKS_FOR_TRAFFIC = 3;

/**
 * What changed in the {@link CHANGE_WINDOW_HOURS} before the first breach of an alert, the nearest
 * first: versions that went live, a dataset that production had not been measured on, traffic that
 * grew. `runs`: those of the model that may have changed something.
 */
export function changesBefore(
  { model, observations, since: sinceInstant }: FirstBreach,
  runs: readonly Run[],
): readonly PrecedingChange[] {
  const since = Date.parse(sinceInstant);
  const earliest = since - CHANGE_WINDOW_HOURS * 3_600_000;
  const own = runs.filter((run) => run.model === model);
  const at = observations.findIndex((each) => each.at === sinceInstant);
  const changes = [
    ...own.flatMap(deploymentsOf),
    ...datasetOf(observations[at], own),
    ...trafficBefore(observations, at),
  ];
  return changes
    .filter(({ at }) => Date.parse(at) <= since && Date.parse(at) >= earliest)
    .sort((a, b) => b.at.localeCompare(a.at) || order[a.kind] - order[b.kind])
    .slice(0, MOST_CHANGES)
    .map((change) => ({
      change,
      seconds: (since - Date.parse(change.at)) / 1000,
      goodLooks: observations.filter(
        (each) => !each.isBreach && each.at > change.at && each.at < sinceInstant,
      ).length,
    }));
}

/** Of changes at the same instant, what people did comes first. */
const order: Readonly<Record<Change['kind'], number>> = { deployment: 0, dataset: 1, traffic: 2 };

/** What a run did to production: its version went live, came back off, or both. */
export function deploymentsOf(run: Run): readonly DeploymentChange[] {
  const { id, kind, requestedBy, reason, approval, deployment } = run;
  if (deployment === null) return [];
  const { from, to, verifiedAt, revertedAt, revertReason } = deployment;
  const approved = approval?.decisions.findLast(({ outcome }) => outcome === 'approved');
  const changes: DeploymentChange[] = [];
  if (verifiedAt !== null) {
    changes.push({
      kind: 'deployment',
      at: verifiedAt,
      runId: id,
      version: to,
      from,
      ...(kind === 'rollback'
        ? { how: 'rolled_back', by: requestedBy }
        : { how: approved === undefined ? 'by_policy' : 'approved', by: approved?.by ?? null }),
      reason,
    });
  }
  if (revertedAt !== null && from !== null) {
    changes.push({
      kind: 'deployment',
      at: revertedAt,
      runId: id,
      version: from,
      from: to,
      how: 'put_back',
      by: null,
      reason: revertReason,
    });
  }
  return changes;
}

/** The dataset whose rows the first breach was measured on, unless a run before used it already. */
function datasetOf(first: Observation | undefined, runs: readonly Run[]): readonly Change[] {
  if (first?.source.kind !== 'evaluation') return [];
  const { runId } = first.source;
  const measured = runs.find(({ id }) => id === runId);
  if (measured === undefined || measured.dataset === null) return [];
  const { dataset, createdAt, dataChanges } = measured;
  const isKnown = runs.some(
    (run) =>
      run.createdAt < createdAt &&
      run.dataset?.version === dataset.version &&
      stageOf(run, 'evaluate')?.status === 'succeeded',
  );
  if (isKnown) return [];
  const { fileName, version } = dataset;
  const differences = (dataChanges?.changes ?? [])
    .toSorted((a, b) => Number(isAboutLabels(b)) - Number(isAboutLabels(a)))
    .slice(0, MOST_DIFFERENCES);
  return [{ kind: 'dataset', at: createdAt, runId, fileName, version, differences }];
}

function isAboutLabels({ kind }: DataChange): boolean {
  return kind === 'labels' || kind === 'relabelled' || kind === 'shares';
}

/** Requests a minute up to the first breach against those of the looks before it. */
function trafficBefore(observations: readonly Observation[], at: number): readonly Change[] {
  const [previous, first] = [observations[at - 1], observations[at]];
  if (previous === undefined || first === undefined) return [];
  const now = rate(previous, first);
  const before = observations
    .slice(0, at)
    .flatMap((each, index, all) => rate(all[index - 1], each) ?? []);
  if (now === null || before.length < LOOKS_FOR_TRAFFIC) return [];
  const usual = median(before);
  return now < usual * TRAFFIC_FACTOR
    ? []
    : [{ kind: 'traffic', at: previous.at, before: usual, now }];
}

/** Requests a minute between two looks at one configuration; null when they cannot be counted. */
function rate(from: Observation | undefined, to: Observation): number | null {
  if (from?.source.kind !== 'endpoint' || to.source.kind !== 'endpoint') return null;
  if (from.source.configName !== to.source.configName) return null;
  const minutes = (Date.parse(to.at) - Date.parse(from.at)) / 60_000;
  const requests = to.source.invocations - from.source.invocations;
  return minutes <= 0 || requests < 0 ? null : requests / minutes;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [below = 0, above = 0] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? above : (below + above) / 2;
}
