import { sampleVersion } from '../../bot/gallery/sample-fleet.ts';
import { spamRecipe } from '../../bot/gallery/sample-parts.ts';
import type { Alert, AlertKind } from '../../pipeline/core/alert/alert.ts';
import type { AlertChange } from '../../pipeline/core/alert/apply-alert-change.ts';
import { applyEvent } from '../../pipeline/core/apply-event/apply-event.ts';
import { refuseDecision } from '../../pipeline/core/approval.ts';
import { decisionEntry } from '../../pipeline/core/audit.ts';
import type { Config } from '../../pipeline/core/config.ts';
import type { Prediction } from '../../pipeline/core/corrections.ts';
import { MlopsError } from '../../pipeline/core/errors.ts';
import {
  type DomainEvent,
  isRunEvent,
  type RunEvent,
  type UntimedEvent,
} from '../../pipeline/core/events.ts';
import type { ReadCard } from '../../pipeline/core/evidence/evidence-queries.ts';
import type { EvidenceReport } from '../../pipeline/core/evidence/evidence-report.ts';
import { withSettings } from '../../pipeline/core/gate/gate-settings.ts';
import type { Verdict } from '../../pipeline/core/gate/verdict.ts';
import { refuseHandOver } from '../../pipeline/core/handing-over.ts';
import { parseHyperparameters } from '../../pipeline/core/hyperparameters.ts';
import { modelConfig } from '../../pipeline/core/model-config.ts';
import type {
  ModelStanding,
  ModelStatus,
  Pipeline,
  StartRun,
} from '../../pipeline/core/pipeline.ts';
import type {
  Clock,
  EndpointDescription,
  RegisteredVersion,
  RunQuery,
} from '../../pipeline/core/ports.ts';
import { refuseReminder } from '../../pipeline/core/reminding.ts';
import { markOf } from '../../pipeline/core/rollback/version-mark.ts';
import { deployedVersion, hasEnded, type Run, waitsForSpot } from '../../pipeline/core/run.ts';
import { refuseSnooze } from '../../pipeline/core/snoozing.ts';
import { changeAlert } from '../../pipeline/flow/alerts/change-alert.ts';
import {
  acknowledge,
  knownAlert,
  listMutes,
  mute,
  unmute,
} from '../../pipeline/flow/commands/alerts.ts';
import { rateAlert } from '../../pipeline/flow/commands/rate-alert.ts';
import { createCorrectionStore } from '../../pipeline/flow/correction-store.ts';
import { openDatabase } from '../../pipeline/local/database.ts';
import { createSqliteAlertStore } from '../../pipeline/local/sqlite-alert-store.ts';
import { createMemoryArtifacts } from '../fakes/memory-artifacts.ts';
import { createReadableAuditLog, type ReadableAuditLog } from '../fakes/readable-audit-log.ts';

export interface FakePipeline extends Pipeline {
  readonly started: StartRun[];
  /** Puts a run there as it is. */
  put(run: Run): void;
  /** Tells the listener of a run that nothing happened to. */
  touch(runId: string): void;
  /** Lets something happen to a run; its listener hears of it. */
  record(event: RunEvent): void;
  setProduction(version: number, runId?: string, rollbackTo?: number | null): void;
  /** What answers requests for spam, or who retired it. */
  setServing(serving: Pick<ModelStatus, 'endpoint' | 'retired'>): void;
  setVersions(versions: readonly RegisteredVersion[]): void;
  setLogs(lines: readonly string[]): void;
  /** What the endpoint answers to everything. */
  setAnswer(answer: Omit<Prediction, 'model'>): void;
  /** What a replay of the gate says. */
  setReplay(verdict: Verdict): void;
  /** What is shown before a decision, with the rows for those who may see them. */
  setEvidence(report: EvidenceReport): void;
  setCard(card: ReadCard): void;
  /** What evidence was asked for. */
  readonly askedEvidence: Parameters<Pipeline['evidence']>[0][];
  /** The next call of anything throws this. */
  failNext(error: unknown): void;
  onChange(listener: (runId: string) => void): void;
  readonly audit: ReadableAuditLog;
  /** Lets something happen to the figure of a model; its listener hears of it. */
  happenTo(model: string, kind: AlertKind, change: AlertChange): Promise<Alert | null>;
  onAlertChange(listener: (alertId: string) => void): void;
}

/** A pipeline without stages: records change only by `put`, `record` and what people do. */
export function createFakePipeline({
  config,
  clock,
}: {
  config: Config;
  clock: Clock;
}): FakePipeline {
  const runs = new Map<string, Run>();
  const byRequest = new Map<string, string>();
  const started: StartRun[] = [];
  let production: ModelStatus['production'] = null;
  let rollbackTo: number | null = null;
  let endpoint: ModelStatus['endpoint'] = null;
  let retired: ModelStatus['retired'] = null;
  let versions: readonly RegisteredVersion[] = [];
  let lines: readonly string[] = [];
  let replayed: Verdict | null = null;
  let evidence: EvidenceReport | null = null;
  let card: ReadCard | null = null;
  const askedEvidence: Parameters<Pipeline['evidence']>[0][] = [];
  let answer: Omit<Prediction, 'model'> | null = null;
  const corrected = createCorrectionStore(createMemoryArtifacts());
  let failure: unknown = null;
  let listener = (_runId: string) => {};
  let alertListener = (_alertId: string) => {};
  const database = openDatabase(':memory:');
  const alerts = createSqliteAlertStore({ database });
  const audit = createReadableAuditLog({ database });
  const alertDeps = {
    config,
    clock,
    alerts,
    bus: {
      async publish(event: DomainEvent) {
        if (!isRunEvent(event)) alertListener(event.alertId);
      },
    },
  };

  function record(event: RunEvent): void {
    const next = applyEvent(runs.get(event.runId) ?? null, event);
    if (next !== null) runs.set(event.runId, next);
    listener(event.runId);
  }

  const happen = (event: UntimedEvent) =>
    record({ ...event, at: clock.now().toISOString() } as RunEvent);

  function known(runId: string): Run {
    const run = runs.get(runId);
    if (run === undefined) throw new MlopsError('RUN_UNKNOWN', `There is no run ${runId}.`);
    return run;
  }

  function failIfPlanned(): void {
    const error = failure;
    failure = null;
    if (error !== null) throw error;
  }

  const newestFirst = () =>
    [...runs.values()].reverse().sort((a, b) => b.createdAt.localeCompare(a.createdAt));

  async function modelStatus(model: string): Promise<ModelStatus> {
    failIfPlanned();
    return { ...(await standing(model)), config: modelConfig(config, model) };
  }

  async function standing(model: string): Promise<ModelStanding> {
    const own = newestFirst().filter((run) => run.model === model);
    const isSpam = model === 'spam';
    const liveRun = isSpam ? runs.get(production?.runId ?? '') : undefined;
    return {
      name: model,
      production: isSpam ? production : null,
      endpoint: isSpam ? endpoint : null,
      retired: isSpam && endpoint === null ? retired : null,
      rollbackTo: isSpam ? rollbackTo : null,
      rolledBack: liveRun === undefined ? null : markOf(liveRun),
      activeRuns: own.filter((run) => !hasEnded(run)),
      recentRuns: own.slice(0, 5),
      alerts: await alerts.list({ model, open: true }),
    };
  }

  return {
    started,
    put: (run) => void runs.set(run.id, run),
    touch: (runId) => listener(runId),
    record,
    setProduction(version, runId = 'spam-before', to = version - 1) {
      rollbackTo = to;
      production = { version: aVersion(version), since: '2026-11-19T09:00:00.000Z', runId };
    },
    setServing: (serving) => {
      ({ endpoint, retired } = serving);
    },
    setVersions: (next) => {
      versions = next;
    },
    setLogs: (next) => {
      lines = next;
    },
    setAnswer: (next) => {
      answer = next;
    },
    setReplay: (verdict) => {
      replayed = verdict;
    },
    setEvidence: (report) => {
      evidence = report;
    },
    setCard: (next) => {
      card = next;
    },
    askedEvidence,
    failNext: (error) => {
      failure = error;
    },
    onChange: (next) => {
      listener = next;
    },
    audit,
    happenTo: (model, kind, change) => changeAlert(alertDeps, { model, kind }, () => change),
    onAlertChange: (next) => {
      alertListener = next;
    },
    async acknowledge(request) {
      failIfPlanned();
      return acknowledge(alertDeps, request);
    },
    async acceptInputs({ alertId, by }) {
      failIfPlanned();
      const alert = await knownAlert(alertDeps, alertId);
      const at = clock.now().toISOString();
      return (await changeAlert(alertDeps, alert, () => ({ type: 'accepted', by, at }))) ?? alert;
    },
    async rateAlert(request) {
      failIfPlanned();
      return rateAlert(alertDeps, request);
    },
    async liftMark({ version, by, reason }) {
      failIfPlanned();
      const runId = versions.find((each) => each.version === version)?.rolledBackBy ?? null;
      if (runId === null) throw new MlopsError('CONFLICT', `v${version} is not marked.`);
      happen({ type: 'MarkLifted', runId, by, reason });
      const mark = markOf(known(runId));
      if (mark === null) throw new Error(`${runId} has left no mark.`);
      return mark;
    },
    mute: (request) => mute(alertDeps, request),
    unmute: (request) => unmute(alertDeps, request),
    listMutes: () => listMutes(alertDeps),
    getAlert: (id) => alerts.get(id),
    listAlerts: (query) => alerts.list(query),
    async startRun(request) {
      failIfPlanned();
      if (request.kind !== 'retire') modelConfig(config, request.model);
      const key = `${request.requestId} ${request.model}`;
      const earlier = byRequest.get(key);
      if (earlier !== undefined) return { run: known(earlier), isNew: false };
      const runId = `${request.model}-20261122-${String(started.length + 1).padStart(8, '0')}`;
      byRequest.set(key, runId);
      started.push(request);
      happen({
        type: 'RunStarted',
        runId,
        kind: request.kind,
        model: request.model,
        requestedBy: request.requestedBy,
        reason: request.reason,
        recipe: 'distilbert',
        hyperparameters:
          request.kind === 'retrain'
            ? parseHyperparameters(spamRecipe, request.hyperparameters)
            : {},
        dataset: request.kind === 'retrain' ? request.dataset : null,
        version: 'version' in request ? request.version : null,
      });
      return { run: known(runId), isNew: true };
    },
    async decide({ runId, by, memberOf, digest, outcome, reason, from = 'slack' }) {
      failIfPlanned();
      const run = runs.get(runId);
      if (run === undefined) return { status: 'refused', refusal: { kind: 'run_unknown' } };
      const refusal = refuseDecision(run, { by, memberOf, digest, now: clock.now() });
      if (refusal !== null) return { status: 'refused', refusal };
      const at = clock.now().toISOString();
      const decision = { by, outcome, reason, at, from };
      happen({ type: 'DecisionRecorded', runId, digest, decision });
      const entry = decisionEntry(known(runId), decision);
      if (entry !== null) await audit.append(entry);
      return { status: 'counted', run: known(runId) };
    },
    async stopRun({ runId, by }) {
      failIfPlanned();
      const run = known(runId);
      if (hasEnded(run)) return { status: 'already_ended', run };
      if (run.deployment !== null) return { status: 'too_late', run };
      happen({ type: 'StopRequested', runId, by });
      return { status: 'stopping', run: known(runId) };
    },
    async switchToOnDemand({ runId, by }) {
      failIfPlanned();
      if (!waitsForSpot(known(runId))) return { status: 'too_late', run: known(runId) };
      happen({ type: 'OnDemandRequested', runId, by });
      return { status: 'switching', run: known(runId) };
    },
    async remind({ runId, by }) {
      failIfPlanned();
      const run = known(runId);
      const refusal = refuseReminder(run, clock.now());
      if (refusal !== null) return { status: 'refused', run, refusal };
      happen({ type: 'ReminderRequested', runId, by });
      return { status: 'reminded', run: known(runId) };
    },
    async handOver({ runId, by, to, memberOf }) {
      failIfPlanned();
      const run = known(runId);
      const refusal = refuseHandOver(run, { to, memberOf, now: clock.now() });
      if (refusal !== null) return { status: 'refused', run, refusal };
      happen({ type: 'ApprovalHandedOver', runId, by, to });
      return { status: 'handed_over', run: known(runId) };
    },
    async snooze({ runId, by, memberOf, until }) {
      failIfPlanned();
      const run = known(runId);
      const refusal = refuseSnooze(run, { by, memberOf, until, now: clock.now() });
      if (refusal !== null) return { status: 'refused', run, refusal };
      happen({ type: 'ApprovalSnoozed', runId, by, until });
      return { status: 'snoozed', run: known(runId) };
    },
    predict: async ({ model }) => {
      failIfPlanned();
      if (answer === null) throw new MlopsError('CONFLICT', `${model} has nothing in production.`);
      return { model, ...answer };
    },
    async correct(correction) {
      failIfPlanned();
      const { isNew } = await corrected.keep(correction);
      return { isNew, count: await corrected.count(correction.model) };
    },
    corrections: async (model, limit) => ({
      count: await corrected.count(model),
      newest: await corrected.list(model, limit),
    }),
    getRun: async (id) => runs.get(id) ?? null,
    listRuns: async ({ model, ended, deployed, createdFrom, createdBefore, after, limit = 50 }) =>
      behind(newestFirst(), after)
        .filter(({ createdAt }) => createdFrom === undefined || createdAt >= createdFrom)
        .filter(({ createdAt }) => createdBefore === undefined || createdAt < createdBefore)
        .filter((run) => model === undefined || run.model === model)
        .filter((run) => ended === undefined || hasEnded(run) === ended)
        .filter((run) => deployed === undefined || deployedVersion(run) !== null)
        .slice(0, limit),
    getVersion: async (_, version) => versions.find((each) => each.version === version) ?? null,
    listVersions: async (_, { below = Number.POSITIVE_INFINITY, limit } = {}) =>
      versions.filter(({ version }) => version < below).slice(0, limit),
    modelStatus,
    modelStanding: standing,
    fleet: async () => Promise.all(Object.keys(config.models).map(modelStatus)),
    recipe: () => spamRecipe,
    logs: async ({ runId, job = 'train' }) => {
      known(runId);
      return { job, lines };
    },
    replayGate: async ({ runId, settings }) => {
      const run = known(runId);
      const policy = withSettings(modelConfig(config, run.model).gate, settings);
      const { verdict } = run;
      if (verdict === null || replayed === null) throw new Error('No replay is planned.');
      return { run, policy, recorded: verdict, replayed };
    },
    modelCard: async ({ model, version }) => {
      failIfPlanned();
      if (card?.card.version === version) return card;
      throw new MlopsError('VERSION_UNKNOWN', `${model} has no version ${version}.`);
    },
    evidence: async (request) => {
      failIfPlanned();
      askedEvidence.push(request);
      if (evidence === null) throw new Error('No evidence is planned.');
      const isHidden = !request.withRows && evidence.contents.status === 'shown';
      return isHidden ? { ...evidence, contents: { status: 'not_asked' } } : evidence;
    },
  };
}

function behind(runs: readonly Run[], after: RunQuery['after']): readonly Run[] {
  return after === undefined ? runs : runs.slice(runs.findIndex(({ id }) => id === after.id) + 1);
}

export function aVersion(version: number): RegisteredVersion {
  const { source: _, ...older } = sampleVersion(version);
  return older;
}

/** An endpoint in service that has answered nothing yet. */
export function anEndpoint(configName: string): EndpointDescription {
  return {
    endpointName: 'spam',
    status: 'InService',
    configName,
    failureReason: null,
    url: 'http://127.0.0.1:1/endpoints/spam/invocations',
    startSeconds: null,
    invocations: 0,
    serverErrors: 0,
    p95Milliseconds: null,
  };
}
