import { isRepeatedDecision } from '../core/approval.ts';
import type { AuditEntry, AuditSource } from '../core/audit.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { Clock } from '../core/ports.ts';
import { recordAudit } from '../core/record-audit.ts';
import type { Actor } from '../core/run.ts';

type Asked = Pick<AuditEntry, 'action' | 'model' | 'what'> & {
  readonly by: Actor;
  readonly key: string;
};

/**
 * The pipeline for a command source other than Slack (the bot writes its own entries, including
 * refusals): every command, failed ones too, has an entry that names its source. Queries add none.
 */
export function withAudit(
  pipeline: Pipeline,
  options: { readonly from: AuditSource; readonly clock: Clock },
): Pipeline {
  const { from, clock } = options;

  function audited<T>(
    { key, ...asked }: Asked,
    work: () => Promise<T>,
    outcomeOf: (result: T) => AuditEntry['outcome'] | null = () => ({ kind: 'ok' }),
  ): Promise<T> {
    // A command that succeeded has one entry under its key; each failed attempt has its own.
    return recordAudit(
      { audit: pipeline.audit, clock },
      { ...asked, from, id: `${from}:${key}` },
      work,
      {
        outcomeOf,
        once: ['ok'],
      },
    );
  }

  const modelOfRun = async (id: string) => (await pipeline.getRun(id))?.model ?? null;
  const now = () => clock.now().toISOString();

  return {
    ...pipeline,
    startRun: (request) =>
      audited(
        {
          key: `${request.kind}:${request.model}:${request.requestId}`,
          action: request.kind,
          model: request.model,
          by: request.requestedBy,
          what: whatOf(request),
        },
        () => pipeline.startRun(request),
      ),
    decide: async (request) => {
      const { runId, by, outcome, reason } = request;
      const action = outcome === 'approved' ? 'approve' : 'reject';
      const what = [runId, reason].filter(Boolean).join(' ');
      // A person's decision on a run counts once.
      const key = `${action}:${runId}:${by.kind === 'person' ? by.id : by.name}`;
      return audited(
        { key, action, by, what, model: await modelOfRun(runId) },
        () => pipeline.decide({ ...request, from }),
        // What counted has its entry from the pipeline itself.
        (result) =>
          result.status === 'counted' || isRepeatedDecision(result.refusal, request)
            ? null
            : { kind: 'refused', reason: result.refusal.kind },
      );
    },
    stopRun: async (request) => {
      const { runId, by } = request;
      const asked = { key: `stop:${runId}:${now()}`, action: 'stop', by, what: runId };
      return audited(
        { ...asked, model: await modelOfRun(runId) },
        () => pipeline.stopRun(request),
        ({ status }) =>
          status === 'stopping' ? { kind: 'ok' } : { kind: 'refused', reason: status },
      );
    },
    remind: async (request) => {
      const { runId, by } = request;
      const asked = { key: `remind:${runId}:${now()}`, action: 'remind', by, what: runId };
      return audited(
        { ...asked, model: await modelOfRun(runId) },
        () => pipeline.remind(request),
        (result) =>
          result.status === 'reminded'
            ? { kind: 'ok' }
            : { kind: 'refused', reason: result.refusal.kind },
      );
    },
    handOver: async (request) => {
      const { runId, by, to } = request;
      const what = `${runId} ${to.id}`;
      const asked = { key: `handover:${runId}:${to.id}:${now()}`, action: 'handover', by, what };
      return audited(
        { ...asked, model: await modelOfRun(runId) },
        () => pipeline.handOver(request),
        (result) =>
          result.status === 'handed_over'
            ? { kind: 'ok' }
            : { kind: 'refused', reason: result.refusal.kind },
      );
    },
    snooze: async (request) => {
      const { runId, by, until } = request;
      const what = `${runId} until ${until}`;
      const asked = { key: `snooze:${runId}:${by.id}:${now()}`, action: 'snooze', by, what };
      return audited(
        { ...asked, model: await modelOfRun(runId) },
        () => pipeline.snooze(request),
        (result) =>
          result.status === 'snoozed'
            ? { kind: 'ok' }
            : { kind: 'refused', reason: result.refusal.kind },
      );
    },
    acknowledge: async (request) => {
      const { alertId, by } = request;
      const model = (await pipeline.getAlert(alertId))?.model ?? null;
      const key = `acknowledge:${alertId}:${now()}`;
      return audited({ key, action: 'acknowledge', model, by, what: alertId }, () =>
        pipeline.acknowledge(request),
      );
    },
    acceptInputs: async (request) => {
      const { alertId, by } = request;
      const model = (await pipeline.getAlert(alertId))?.model ?? null;
      const key = `accept-inputs:${alertId}:${now()}`;
      return audited({ key, action: 'accept-inputs', model, by, what: alertId }, () =>
        pipeline.acceptInputs(request),
      );
    },
    rateAlert: async (request) => {
      const { alertId, by, isRight } = request;
      const model = (await pipeline.getAlert(alertId))?.model ?? null;
      const key = `rate:${alertId}:${by.id}:${now()}`;
      const what = `${alertId} ${isRight ? 'right' : 'wrong'}`;
      return audited(
        { key, action: 'rate', model, by, what },
        () => pipeline.rateAlert(request),
        ({ status }) =>
          status === 'counted' ? { kind: 'ok' } : { kind: 'refused', reason: status },
      );
    },
    mute: (request) => {
      const { model, kind = 'everything', by, until, reason } = request;
      const what = [kind, `until ${until}`, reason].filter(Boolean).join(' ');
      return audited({ key: `mute:${model}:${now()}`, action: 'mute', model, by, what }, () =>
        pipeline.mute(request),
      );
    },
    liftMark: (request) => {
      const { model, version, by, reason } = request;
      const asked = { key: `unmark:${model}:${version}:${now()}`, action: 'unmark', model, by };
      return audited({ ...asked, what: `v${version} ${reason}` }, () => pipeline.liftMark(request));
    },
    unmute: (request) => {
      const { model, kind = 'everything', by } = request;
      return audited(
        { key: `unmute:${model}:${now()}`, action: 'unmute', model, by, what: kind },
        () => pipeline.unmute(request),
      );
    },
  };
}

function versionOf(request: Exclude<Parameters<Pipeline['startRun']>[0], { kind: 'retrain' }>) {
  if (request.kind === 'retire') return request.configName;
  return request.version === null ? 'previous version' : `v${request.version}`;
}

function whatOf(request: Parameters<Pipeline['startRun']>[0]): string {
  const { reason } = request;
  const about =
    request.kind === 'retrain'
      ? [
          request.dataset?.fileName ?? 'newest dataset',
          request.appends === true ? 'appended' : '',
          ...Object.entries(request.hyperparameters).map(([name, value]) => `${name}=${value}`),
        ]
      : [versionOf(request)];
  return [...about, reason].filter(Boolean).join(' ');
}
