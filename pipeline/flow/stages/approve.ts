import { addHours } from 'date-fns/addHours';
import { approvalRule } from '../../core/approval.ts';
import type { ModelConfig } from '../../core/config.ts';
import { MlopsError } from '../../core/errors.ts';
import { runOfConfig } from '../../core/names.ts';
import { type Approval, hasEnded, type Run, type RunId } from '../../core/run.ts';
import { nextSnooze } from '../../core/snoozing.ts';
import { askedNote } from '../approval-note.ts';
import { auditDecisions } from '../audit-decisions.ts';
import { openRequest } from '../commands/open-request.ts';
import { comparePromotion } from '../compare-promotion.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { loadRun } from '../load-run.ts';
import { currentProduction, versionOfRun } from '../production.ts';
import { record } from '../record.ts';
import { refuseAutomatic } from '../refuse-automatic.ts';
import { type Ending, type RunContext, stopped } from '../run-context.ts';
import { superseded } from '../superseded.ts';
import { poll } from './poll.ts';

/** Without an expiry nothing is due, and a decision resumes the run. */
const PAUSE_SECONDS = 86_400;

/** Asks for approval as the model's policy says, and waits until it is decided or expires. */
export async function approve(context: RunContext): Promise<Ending | null> {
  const { runId, deps } = context;
  if (context.resumed !== 'approve') {
    const impossible = await context.step('request approval', () => requestApproval(context));
    if (impossible !== null) return { outcome: 'blocked', failure: impossible };
  }
  // Of the last look: who asks for an earlier reminder after it makes the run look again.
  let reminderAt: string | null = null;
  return poll<ApprovalState, Ending | null>(context, {
    names: (look) => ({ look: `look ${look} at approval`, wait: `wait ${look} for approval` }),
    look: () => lookAtApproval(context),
    patient: true,
    judge: (state) => {
      if (state.kind === 'ended') return { end: state.ending };
      reminderAt = state.reminderAt ?? null;
      return { pause: state.seconds };
    },
    pause: PAUSE_SECONDS,
    growth: 0,
    mayContinue: true,
    isReady: async () => {
      const run = await loadRun(deps, runId);
      return (
        run.approval?.outcome !== null ||
        run.approval.outdated?.isProven === true ||
        run.stopRequestedBy !== null ||
        nextSnooze(run) !== reminderAt
      );
    },
  });
}

async function requestApproval({ runId, config, deps }: RunContext) {
  const run = await compared(await loadRun(deps, runId), config, deps);
  const version = await versionOfRun(deps, run);
  const isAdvisory = run.verdict?.isAdvisory ?? config.gate.mode === 'advisory';
  const outcome = run.verdict?.outcome ?? version.verdict;
  const rule = approvalRule(config.approval, outcome, isAdvisory);
  if (rule.kind === 'impossible') {
    return { code: 'APPROVAL_MISSING' as const, message: rule.reason, hint: null };
  }
  // Two people may have asked at the same instant; the younger request gives way.
  const open = await openRequest(deps, version);
  if (open !== null && open.id !== runId && run.approval === null) {
    return {
      code: 'CONFLICT' as const,
      message: `Approval of ${version.model} v${version.version} has been requested already.`,
      hint: `Decide in run ${open.id}.`,
    };
  }
  const refusal = await refuseAutomatic(deps, config, version);
  if (refusal !== null) return refusal;
  const people = rule.kind === 'people' ? rule : null;
  const reasonRequired =
    people?.reasonRequired === true || (await hasChangedData(deps, run, version.runId));
  // An approval set in the registry before the request does not count, so it is cleared before
  // the request is recorded. When this step is repeated, approvals set since then are kept.
  if (people !== null && run.approval === null) {
    const { model, version: number } = version;
    await deps.registry.setApproval(model, number, 'PendingManualApproval', askedNote(runId));
  }
  await record(deps, {
    type: 'ApprovalRequested',
    runId,
    needed: people !== null,
    approvers: people?.approvers ?? [],
    notify: people?.notify ?? [],
    quorum: people?.quorum ?? 0,
    selfApproval: people?.selfApproval ?? true,
    ...(people !== null && reasonRequired ? { reasonRequired: true } : {}),
    digest: version.digest,
    expiresAt: people && addHours(deps.clock.now(), people.expireAfterHours).toISOString(),
  });
  if (people !== null) await noteProduction(deps, run);
  return null;
}

/** Production may have changed before the request, which then was not waiting yet. */
async function noteProduction(deps: FlowDeps, { id, model, evaluatedAgainst }: Run): Promise<void> {
  const production = await currentProduction(deps, model);
  const live = production?.version ?? null;
  if (live === evaluatedAgainst) return;
  const deployer = production && runOfConfig(model, production.configName);
  const run = deployer === null ? null : await deps.runs.get(deployer);
  const isProven = run === null || hasEnded(run);
  await record(deps, { type: 'ProductionChanged', runId: id, live, isProven });
}

/** Whether the version's data differed, beyond what goes on by itself, from that of production. */
async function hasChangedData(deps: FlowDeps, run: Run, trainedBy: RunId): Promise<boolean> {
  if (run.kind !== 'promote') return run.dataChanges?.action === 'ask';
  const changes = (await deps.runs.get(trainedBy))?.dataChanges;
  return changes?.action === 'ask' && changes.against === run.evaluatedAgainst;
}

/** A retrain has its verdict already; a promotion gets it here. */
async function compared(run: Run, config: ModelConfig, deps: FlowDeps): Promise<Run> {
  if (run.kind !== 'promote' || run.verdict !== null || run.approval !== null) return run;
  const verdict = await comparePromotion(deps, run, config);
  return verdict === null ? run : record(deps, { type: 'GateDecided', runId: run.id, verdict });
}

type ApprovalState =
  | {
      kind: 'waiting';
      seconds: number;
      /** When a person asked to be reminded; left out: nobody did. */
      reminderAt?: string;
    }
  | { kind: 'ended'; ending: Ending | null };

async function lookAtApproval({ runId, config, deps }: RunContext): Promise<ApprovalState> {
  const run = await expireIfDue(deps, runId);
  const { approval, stopRequestedBy } = run;
  if (approval?.outcome === null && approval.outdated?.isProven === true) {
    const { model, version, evaluatedAgainst } = run;
    return {
      kind: 'ended',
      ending: superseded(model, version ?? 0, {
        before: evaluatedAgainst,
        now: approval.outdated.live,
      }),
    };
  }
  if (approval === null) throw new MlopsError('APPROVAL_MISSING', 'No approval was requested.');
  if (approval.outcome === null) {
    if (stopRequestedBy !== null) return { kind: 'ended', ending: stopped };
    const reminded = await record(deps, { type: 'SnoozesEnded', runId });
    const reminderAt = nextSnooze(reminded);
    const seconds = await secondsUntilNextStep(deps, runId, approval, config.approval);
    if (reminderAt === null) return { kind: 'waiting', seconds };
    const untilReminder = (Date.parse(reminderAt) - deps.clock.now().getTime()) / 1000;
    return { kind: 'waiting', seconds: Math.min(seconds, untilReminder), reminderAt };
  }
  // Before anything comes of it.
  await auditDecisions(deps, run);
  await noteInRegistry(deps, runId, approval);
  if (approval.outcome === 'approved' || approval.outcome === 'not_needed') {
    return { kind: 'ended', ending: null };
  }
  return { kind: 'ended', ending: { outcome: approval.outcome, failure: null } };
}

async function expireIfDue(deps: FlowDeps, runId: string) {
  const run = await loadRun(deps, runId);
  const expiresAt = run.approval?.expiresAt ?? null;
  const isDue = expiresAt !== null && deps.clock.now() >= new Date(expiresAt);
  return isDue ? record(deps, { type: 'ApprovalExpired', runId }) : run;
}

/** Sends the reminder when it is due; returns the seconds until the next reminder or the expiry. */
async function secondsUntilNextStep(
  deps: FlowDeps,
  runId: string,
  approval: Approval,
  policy: RunContext['config']['approval'],
): Promise<number> {
  const now = deps.clock.now();
  const secondsUntil = (at: Date) => (at.getTime() - now.getTime()) / 1000;
  const untilExpiry =
    approval.expiresAt === null ? PAUSE_SECONDS : secondsUntil(new Date(approval.expiresAt));
  if (policy.mode !== 'people' || approval.remindedAt !== null) return untilExpiry;
  const untilReminder = secondsUntil(addHours(approval.requestedAt, policy.remindAfterHours));
  if (untilReminder > 0) return Math.min(untilReminder, untilExpiry);
  await record(deps, { type: 'ApprovalReminded', runId });
  return untilExpiry;
}

async function noteInRegistry(deps: FlowDeps, runId: string, approval: Approval): Promise<void> {
  const { model, version } = await versionOfRun(deps, await loadRun(deps, runId));
  if (approval.outcome === 'expired' || approval.outcome === null) return;
  const status = approval.outcome === 'rejected' ? 'Rejected' : 'Approved';
  const last = approval.decisions.at(-1);
  const note =
    last === undefined
      ? 'by policy'
      : `${last.by.name}${last.reason === null ? '' : `: ${last.reason}`}`;
  await deps.registry.setApproval(model, version, status, note);
}
