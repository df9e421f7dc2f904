import { endpointName, runOfConfig, runOfJob } from '../../../pipeline/core/names.ts';
import { deployedVersion, hasEnded, liveVersion, type RunId } from '../../../pipeline/core/run.ts';
import type { Process } from '../engine/process.ts';
import type { SimulatedEndpoints } from '../services/sim-endpoints.ts';
import type { SimulatedJobs } from '../services/sim-jobs.ts';
import type { SimulatedSlack } from '../services/sim-slack.ts';
import { checkCards } from './check-cards.ts';
import type { Monitor } from './monitor.ts';
import type { Report } from './violation.ts';

/** No history gives these reasons: they mean that the product lost its way. */
const lostWay = ['UNEXPECTED', 'EXECUTION_LOST', 'CONTRACT_BROKEN', 'APPROVAL_MISSING'];

/** What must hold when trouble has long been over and nothing happens any more. */
export async function checkEnd(world: {
  readonly process: Process;
  readonly monitor: Monitor;
  readonly endpoints: SimulatedEndpoints;
  readonly jobs: SimulatedJobs;
  readonly slack: SimulatedSlack | null;
  readonly promised: ReadonlySet<RunId>;
  readonly models: readonly string[];
  /** Models that were out of the configuration for a while, which cuts their runs off. */
  readonly leftOut: ReadonlySet<string>;
  readonly report: Report;
}): Promise<void> {
  const { process, monitor, endpoints, jobs, slack, promised, models, report } = world;
  const runs = [...monitor.records.values()];

  for (const run of runs) {
    if (!hasEnded(run)) report('ends', `${run.id} never ended.`);
    const code = run.failure?.code ?? '';
    const isCutOff = code === 'EXECUTION_LOST' && world.leftOut.has(run.model);
    if (run.outcome === 'failed' && lostWay.includes(code) && !isCutOff) {
      report('ends', `${run.id} ended with ${code}: ${run.failure?.message}`);
    }
  }
  for (const id of promised) {
    if (monitor.record(id) === undefined)
      report('accepted', `${id} was accepted and is not there.`);
  }
  for (const name of jobs.active()) {
    report(
      'jobs',
      `${name} still runs; its run: ${monitor.record(runOfJob(name) ?? '')?.outcome}.`,
    );
  }
  for (const model of models) {
    const holder = await process.deps.leases.acquire(model, 'probe');
    if (holder !== 'probe') report('leases', `${holder} still holds the lease of ${model}.`);
    checkProduction(model);
    const shown = (await process.pipeline.modelStatus(model)).production?.version.version ?? null;
    const live = endpoints.live(endpointName(model))?.version ?? null;
    if (shown !== live) report('truthful', `Status shows v${shown} of ${model}, v${live} serves.`);
  }

  const audit = await process.deps.audit.list({ limit: 10_000 });
  for (const run of runs) {
    for (const { by, outcome } of run.approval?.decisions ?? []) {
      const action = outcome === 'approved' ? 'approve' : 'reject';
      const entries = audit.filter(
        (entry) =>
          entry.action === action &&
          entry.outcome.kind === 'ok' &&
          entry.by.name === by.name &&
          entry.what.includes(run.id),
      );
      if (entries.length !== 1) {
        report('audit', `${entries.length} entries say that ${by.name} ${outcome} ${run.id}.`);
      }
    }
  }
  if (slack !== null) await checkCards({ ...world, slack, runs });

  /** Endpoint and records agree on what is live. */
  function checkProduction(model: string): void {
    const live = endpoints.live(endpointName(model));
    const claimed = runs.filter((run) => run.model === model && liveVersion(run) !== null);
    if (live === null) {
      for (const run of claimed) report('truthful', `${run.id} says it is live, nothing serves.`);
      return;
    }
    const run = monitor.record(runOfConfig(model, live.configName) ?? '');
    if (run === undefined || deployedVersion(run) !== live.version) {
      report('truthful', `${live.configName} serves, its run says ${run?.outcome}.`);
    }
    for (const each of claimed) {
      if (each.id !== run?.id) report('truthful', `${each.id} says it is live, ${run?.id} is.`);
    }
    if (run !== undefined && claimed.length === 0) {
      report('truthful', `${run.id} serves and does not say so.`);
    }
  }
}
