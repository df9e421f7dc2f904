import { isBlocking } from '../../pipeline/core/gate/verdict.ts';
import {
  currentStage,
  type Deployment,
  hasEnded,
  type Outcome,
  type Run,
  type StageName,
} from '../../pipeline/core/run.ts';
import { isStoppedByData } from './data-lines.ts';
import { percent } from './format.ts';

/** The state of a run in one short sentence that starts with the model; the header of its card. */
export function headline(run: Run): string {
  const { icon, text } = stateOf(run);
  return `${icon} ${run.model}${text}`;
}

/** The state of a run as one emoji. */
export const icon = (run: Run): string => stateOf(run).icon;

const stateOf = (run: Run): State => (hasEnded(run) ? ended(run) : inProgress(run));

/** `text` follows the name of the model. */
interface State {
  readonly icon: string;
  readonly text: string;
}

function inProgress(run: Run): State {
  if (run.stopRequestedBy !== null) return { icon: '⏹', text: ': stopping' };
  if (run.deployment?.revertedAt != null) return reverted(run);
  if (run.deployment?.putBackDelayed !== undefined) {
    return { icon: '🚨', text: `: v${run.deployment.to} cannot be taken back yet` };
  }
  const stage = currentStage(run);
  if (stage !== undefined) return { icon: iconOf(run, stage.name), text: doing(run, stage.name) };
  return betweenStages(run);
}

function iconOf(run: Run, stage: StageName): string {
  if (stage === 'watch') return '✅';
  if (stage === 'approve' && isOutOfDate(run)) return '⚪';
  return stage === 'approve' && isWaitingForApproval(run) ? '✋' : '⏳';
}

/** Between two stages the headline names the next one, or the outcome when none will follow. */
function betweenStages(run: Run): State {
  if (run.stages.every(({ status }) => status === 'pending')) {
    return { icon: '⏳', text: `: ${openings[run.kind]}` };
  }
  const outcome = settledOutcome(run);
  if (outcome !== null) return ended({ ...run, outcome });
  const next = run.stages.find(({ status }) => status === 'pending');
  return { icon: '⏳', text: next === undefined ? ': finishing' : doing(run, next.name) };
}

const openings = {
  retrain: 'retrain starting',
  promote: 'promotion starting',
  rollback: 'rollback starting',
  retire: 'retirement starting',
} as const;

/** The outcome of a run whose end is certain but not recorded yet; null while it is open. */
function settledOutcome(run: Run): Outcome | null {
  const { approval, prepared, stages, verdict } = run;
  if (approval?.outcome === 'rejected' || approval?.outcome === 'expired') return approval.outcome;
  if (prepared?.status === 'invalid') return 'failed';
  if (isBlocking(verdict) || isStoppedByData(run)) return 'blocked';
  if (stages.some(({ status }) => status === 'failed')) return 'failed';
  if (stages.some(({ status }) => status !== 'succeeded')) return null;
  if (run.kind === 'retire') return 'retired';
  return run.kind === 'rollback' ? 'rolled_back' : 'deployed';
}

function doing(run: Run, stage: StageName): string {
  const version = run.version === null ? '' : ` v${run.version}`;
  switch (stage) {
    case 'prepare':
      return ': checking the data';
    case 'train':
      return `: ${trainingState(run)}`;
    case 'evaluate':
      return ': evaluating the candidate';
    case 'gate':
      return ': running the gate';
    case 'register':
      return ': registering the version';
    case 'approve':
      if (isOutOfDate(run)) return `${version} is out of date`;
      return isWaitingForApproval(run)
        ? `${version} is waiting for approval`
        : `${version}: requesting approval`;
    case 'deploy':
      if (run.waitingFor !== null) return `${version} is waiting for another deployment`;
      return `${version} is being deployed`;
    case 'watch':
      return `${version} is live and being watched`;
    case 'retire':
      return ': the endpoint is being removed';
  }
}

function trainingState(run: Run): string {
  const { training } = run;
  if (training === null) return 'starting training';
  if (training.interruptions.at(-1)?.resumedAt === null) return 'training interrupted, will resume';
  if (training.step === null || training.total === null) return 'starting training';
  return `training, ${percent(training.step / training.total)}`;
}

function ended(run: Run): State {
  if (run.deployment?.revertedAt != null) return reverted(run);
  if (run.deployment?.replaced != null) return replaced(run.deployment.to, run.deployment.replaced);
  if (run.deployment?.retired !== undefined) {
    return { icon: '☑️', text: ` v${run.deployment.to} was live until the model was retired` };
  }
  if (run.kind === 'rollback' && (run.outcome === 'deployed' || run.outcome === 'rolled_back')) {
    return { icon: '✅', text: ` is back on v${run.version}` };
  }
  return run.outcome === null ? inProgress(run) : endings(run)[run.outcome];
}

function replaced(version: number, by: NonNullable<Deployment['replaced']>): State {
  if (by.rollback !== undefined) {
    return { icon: '↩️', text: ` v${version} was rolled back to v${by.version}` };
  }
  return { icon: '☑️', text: ` v${version} was live until v${by.version} replaced it` };
}

function reverted(run: Run): State {
  const { deployment } = run;
  const back =
    deployment?.from == null ? 'rolled back' : `rolled back, v${deployment.from} is live again`;
  return { icon: '↩️', text: ` v${deployment?.to}: ${back}` };
}

function endings(run: Run): Readonly<Record<Outcome, State>> {
  const version = run.version === null ? '' : ` v${run.version}`;
  return {
    deployed: { icon: '✅', text: `${version} is live` },
    blocked: {
      icon: '⛔',
      text: blockedBy(run),
    },
    rejected: { icon: '⛔', text: `${version} was rejected` },
    expired: { icon: '⚪', text: `${version} was not approved in time` },
    superseded: { icon: '⚪', text: `${version} is out of date` },
    failed: { icon: '❌', text: failedAt(run) },
    stopped: { icon: '⏹', text: ': stopped' },
    rolled_back: { icon: '↩️', text: `${version} was rolled back` },
    retired: { icon: '📦', text: ' was retired' },
  };
}

function blockedBy(run: Run): string {
  if (isStoppedByData(run)) return ': not trained, the data changed';
  return isBlocking(run.verdict) ? ': blocked by the gate' : ': not deployed';
}

const failures: Readonly<Record<StageName, string>> = {
  prepare: ': the data cannot be used',
  train: ': training failed',
  evaluate: ': evaluation failed',
  gate: ': the gate could not decide',
  register: ': registration failed',
  approve: ': the approval stage failed',
  deploy: ': deployment failed',
  watch: ': the watch stage failed',
  retire: ': not retired',
};

function failedAt(run: Run): string {
  if (run.failure?.code === 'DATASET_INVALID') return failures.prepare;
  if (run.prepared?.status === 'invalid') return failures.prepare;
  const stage = run.stages.find(({ status }) => status === 'failed');
  return stage === undefined ? ': the run failed' : failures[stage.name];
}

/** Whether approvers have been asked, the decision is open and what they were asked still holds. */
export function isWaitingForApproval(run: Run): boolean {
  return isOpenRequest(run) && run.approval?.outdated == null;
}

/** Whether approvers have been asked and something else has gone live since. */
function isOutOfDate(run: Run): boolean {
  return isOpenRequest(run) && run.approval?.outdated != null;
}

function isOpenRequest(run: Run): boolean {
  return run.approval !== null && run.approval.outcome === null && !hasEnded(run);
}
