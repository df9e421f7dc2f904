import type { ApprovalPolicy, Config } from '../../../pipeline/core/config.ts';
import { runOfConfig } from '../../../pipeline/core/names.ts';
import type { EndpointConfig, RunStore } from '../../../pipeline/core/ports.ts';
import {
  type Actor,
  hasEnded,
  isSameActor,
  type Run,
  type RunId,
} from '../../../pipeline/core/run.ts';
import { backwardSteps } from './forward.ts';
import type { Report } from './violation.ts';

/** A decision as somebody made it, whatever became of it. */
export interface Attempt {
  readonly runId: RunId;
  readonly by: Actor;
  readonly outcome: 'approved' | 'rejected';
  readonly digest: string;
}

/** Watches every record that is written and every change of an endpoint, from outside the product. */
export interface Monitor {
  /** `runs` of one process; `truth` reads the same records whatever became of that process. */
  watchRuns(runs: RunStore, truth: RunStore): RunStore;
  onAttempt(attempt: Attempt): void;
  onDeploy(config: EndpointConfig, live: EndpointConfig | null): void;
  record(runId: RunId): Run | undefined;
  readonly records: ReadonlyMap<RunId, Run>;
}

export function createMonitor(options: {
  readonly config: () => Config;
  /** Share of held-out rows the model of a run gets right. */
  readonly quality: (runId: RunId) => number;
  /** Jobs of the run that are at work and that nobody has stopped. */
  readonly unstoppedJobs: (runId: RunId) => readonly string[];
  /** Whether production showed that this configuration does not work. */
  readonly hasAnsweredWrongly: (configName: string) => boolean;
  readonly report: Report;
}): Monitor {
  const { quality, unstoppedJobs, hasAnsweredWrongly, report } = options;
  const records = new Map<RunId, Run>();
  const attempts: Attempt[] = [];
  /** The policy at the time when approval was requested; later ones are for later requests. */
  const policies = new Map<RunId, ApprovalPolicy>();
  /** Versions that left production for a reason, as `model version`, by the run that showed it. */
  const outcasts = new Map<string, RunId>();
  /** Runs whose version was verified in production at some time. */
  const proven = new Set<RunId>();
  const served = new Set<string>();

  function onWritten(run: Run): void {
    const before = records.get(run.id);
    if (before !== undefined) {
      for (const problem of backwardSteps(before, run)) report('forward', `${run.id}: ${problem}.`);
    } else if (!mayHaveStarted(run)) {
      report('approved', `${run.id} was started by ${run.requestedBy.name}, who may not.`);
    }
    records.set(run.id, run);
    if (hasEnded(run) && (before === undefined || !hasEnded(before))) {
      for (const name of unstoppedJobs(run.id)) report('jobs', `${run.id} ended, ${name} runs on.`);
    }
    const policy = options.config().models[run.model]?.approval;
    if (run.approval !== null && policy !== undefined && !policies.has(run.id)) {
      policies.set(run.id, policy);
    }
    const { deployment } = run;
    if (deployment?.verifiedAt != null) proven.add(run.id);
    if (deployment?.revertedAt != null && before?.deployment?.revertedAt == null) onReverted(run);
    for (const decision of run.approval?.decisions ?? []) {
      const isMade = attempts.some(
        (each) =>
          each.runId === run.id &&
          isSameActor(each.by, decision.by) &&
          each.outcome === decision.outcome &&
          each.digest === run.approval?.digest,
      );
      if (!isMade)
        report('approved', `${run.id}: nobody made the decision of ${decision.by.name}.`);
    }
  }

  function mayHaveStarted({ kind, model, requestedBy: by }: Run): boolean {
    if (by.kind !== 'person') return kind === 'retrain';
    const { operators, models } = options.config();
    const policy = models[model]?.approval;
    const approves = policy?.mode === 'people' && policy.approvers.includes(by.id);
    return operators.includes(by.id) || (kind === 'rollback' && approves);
  }

  /** What a rollback took out is live again; what did not work is out. */
  function onReverted({ id, model, deployment }: Run): void {
    for (const [target, by] of outcasts) if (by === id) outcasts.delete(target);
    if (deployment !== null && hasAnsweredWrongly(deployment.configName)) {
      outcasts.set(`${model} ${deployment.to}`, id);
    }
  }

  function onDeploy(config: EndpointConfig, live: EndpointConfig | null): void {
    const id = runOfConfig(config.model, config.configName);
    const run = id === null ? undefined : records.get(id);
    if (run === undefined) {
      report('approved', `${config.configName} belongs to no run.`);
      return;
    }
    if (isPutBack(config, run)) return;
    if (served.has(config.configName)) {
      report('once', `${config.configName} is put live a second time.`);
    }
    served.add(config.configName);
    if (run.kind === 'rollback') onRollback(run, config, live);
    else onNewVersion(run, config, live);
  }

  /** Whether another run, which has not proven its version, brings back what it replaced. */
  function isPutBack(config: EndpointConfig, run: Run): boolean {
    const replacing = [...records.values()].some(
      ({ id, model, deployment, stages }) =>
        id !== run.id &&
        model === config.model &&
        deployment?.fromConfigName === config.configName &&
        deployment.revertedAt === null &&
        stages.some(({ name, status }) => name === 'watch' && status !== 'succeeded'),
    );
    if (replacing && !proven.has(run.id)) {
      report('truthful', `${config.configName} is put back and was never verified.`);
    }
    return replacing;
  }

  function onRollback(run: Run, config: EndpointConfig, live: EndpointConfig | null): void {
    const target = `${run.model} ${config.version}`;
    if (outcasts.has(target)) {
      report(
        'outcast',
        `${run.id} rolls back to v${config.version}, which left production by ${outcasts.get(target)}.`,
      );
    }
    const wasProven = [...records.values()].some(
      (each) =>
        each.model === run.model && each.deployment?.to === config.version && proven.has(each.id),
    );
    if (!wasProven) report('approved', `${run.id} rolls back to v${config.version}, never live.`);
    if (live !== null && live.version !== config.version) {
      outcasts.set(`${live.model} ${live.version}`, run.id);
    }
  }

  function onNewVersion(run: Run, config: EndpointConfig, live: EndpointConfig | null): void {
    const problem = approvalProblem(run);
    if (problem !== null) report('approved', `${run.id} deploys v${config.version}: ${problem}.`);
    const trainedBy = [...records.values()].find(
      (each) =>
        each.kind === 'retrain' && each.model === run.model && each.version === config.version,
    );
    if (trainedBy !== undefined && quality(trainedBy.id) < 0.8) {
      report('outcast', `${run.id} deploys v${config.version}, which is below the minimum.`);
    }
    if (run.kind === 'retrain' && (live?.version ?? null) !== run.evaluatedAgainst) {
      report('approved', `${run.id} was not compared with v${live?.version}, which it replaces.`);
    }
    outcasts.delete(`${run.model} ${config.version}`);
  }

  /** Judged by what people did and may do, not by what the record concluded. */
  function approvalProblem(run: Run): string | null {
    const policy = policies.get(run.id);
    const { approval } = run;
    if (approval === null || policy === undefined) return 'it has no approval';
    if (policy.mode === 'auto') {
      return run.verdict?.outcome === 'pass' || run.kind === 'promote'
        ? null
        : 'the gate did not pass';
    }
    const made = attempts.filter(
      (each) => each.runId === run.id && each.digest === approval.digest,
    );
    const may = made.filter(
      ({ by }) =>
        by.kind === 'person' &&
        policy.approvers.includes(by.id) &&
        (policy.selfApproval || !isSameActor(by, run.requestedBy)),
    );
    const approvers = new Set(
      may.filter(({ outcome }) => outcome === 'approved').map(({ by }) => by.name),
    );
    if (approvers.size < policy.quorum) {
      return `${approvers.size} of ${policy.quorum} people approved it`;
    }
    const rejected = approval.decisions.find(({ outcome }) => outcome === 'rejected');
    if (rejected !== undefined) return `${rejected.by.name} rejected it`;
    const late = approval.decisions.find(
      ({ at }) => approval.expiresAt !== null && at >= approval.expiresAt,
    );
    return late === undefined ? null : `${late.by.name} approved it after it had expired`;
  }

  return {
    watchRuns(runs, truth) {
      /** A process may die right after its commit: then only the store knows of it. */
      const watched = async (run: Run, write: () => Promise<boolean>) => {
        try {
          const isWritten = await write();
          if (isWritten) onWritten(run);
          return isWritten;
        } catch (error) {
          const now = await truth.get(run.id);
          if (now !== null && JSON.stringify(now) === JSON.stringify(run)) onWritten(run);
          throw error;
        }
      };
      return {
        ...runs,
        create: (run) => watched(run, () => runs.create(run)),
        replace: (run) => watched(run, () => runs.replace(run)),
      };
    },
    onAttempt: (attempt) => void attempts.push(attempt),
    onDeploy,
    record: (runId) => records.get(runId),
    records,
  };
}
